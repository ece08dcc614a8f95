import { QueryCache, QueryClient, queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { Endpoint } from '#http/contract.ts'
import { type Me, type Person, readMe } from '#people/contract.ts'
import { ApiProblem, type Ask, type AskArgs, call, rememberCsrfToken } from './api.ts'

export const meKey = ['people', readMe.path] as const

/** The one cache of server answers. A session that ended shows itself as `sign_in_required`; asking who is here sends us to sign-in. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof ApiProblem && error.status === 401) void queryClient.invalidateQueries({ queryKey: meKey })
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiProblem && [0, 502, 503, 504].includes(error.status),
      throwOnError: false,
    },
    mutations: { retry: false },
  },
})

/**
 * Query options for one GET operation, typed by its contract: `useQuery(asking(listAliases, { query: { q } }))`.
 * The key is [feature, path, ask], so that a live update can invalidate all of a feature.
 */
export function asking<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  operation: Endpoint<P, Q, B, A>,
  ...[ask]: AskArgs<P, Q, B>
) {
  return queryOptions({
    queryKey: [featureOf(operation.path), operation.path, ask ?? {}] as const,
    queryFn: ({ signal }): Promise<z.output<A>> =>
      call(operation, ...([ask ?? ({} as Ask<P, Q, B>), signal] as unknown as AskArgs<P, Q, B>)),
  })
}

export function featureOf(path: string): string {
  return path.split('/')[2] ?? ''
}

export const meQuery = queryOptions({
  queryKey: meKey,
  queryFn: async ({ signal }): Promise<Me> => {
    const me = await call(readMe, {}, signal)
    rememberCsrfToken(me.csrfToken)
    return me
  },
  staleTime: 60_000,
})

/** Who is signed in and what kind of place this is. Pages inside the layouts have it loaded before they show. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** The signed-in person; only for pages inside a layout, which lets nobody else in. */
export function usePerson(): Person {
  const { person } = useMe()
  if (person === null) throw new Error('usePerson outside a signed-in layout')
  return person
}

/** True if the signed-in person has one of these roles; an admin has them all. */
export function useHasRole(...wanted: readonly string[]): boolean {
  const roles: readonly string[] = useQuery(meQuery).data?.person?.roles ?? []
  return roles.includes('admin') || wanted.some((role) => roles.includes(role))
}
