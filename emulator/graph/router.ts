import { decoded } from '../decoded.ts'
import type { GraphAnswer, GraphCall, MailboxCall } from './graph-call.ts'

type Handled = GraphAnswer | Promise<GraphAnswer>

export type Route =
  | { method: string; path: string[]; of: 'directory'; handle: (call: GraphCall) => Handled }
  | { method: string; path: string[]; of: 'mailbox'; handle: (call: MailboxCall) => Handled }

/** A route of the tenant at large: `route('GET', '/places/:place', getPlace)`. */
export function route(method: string, path: string, handle: (call: GraphCall) => Handled): Route {
  return { method, path: segmentsOf(path), of: 'directory', handle }
}

/** The same resource below `/me` and below `/users/{id or address}`. */
export function mailboxRoutes(method: string, path: string, handle: (call: MailboxCall) => Handled): Route[] {
  return ['/me', '/users/:user'].map((owner) => ({
    method,
    path: segmentsOf(owner + path),
    of: 'mailbox' as const,
    handle,
  }))
}

export type Match = { route: Route; params: Record<string, string> }

/** Finds the route of a path; segment names match in any case, ids keep theirs. `methods` lists what the path does answer. */
export function findRoute(
  routes: Route[],
  method: string,
  pathname: string,
): { match: Match | null; methods: string[] } {
  const segments = segmentsOf(pathname)
  const candidates = routes.flatMap((candidate) => {
    const params = paramsOf(candidate.path, segments)
    return params === null ? [] : [{ route: candidate, params }]
  })
  const match = candidates.find((candidate) => candidate.route.method === method) ?? null
  return { match, methods: candidates.map((candidate) => candidate.route.method) }
}

function paramsOf(pattern: string[], segments: string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const given = segments[index] ?? ''
    if (expected.startsWith(':')) params[expected.slice(1)] = given
    else if (bareName(expected) !== bareName(given)) return null
  }
  return params
}

/** `microsoft.graph.room`, `graph.room` and `Graph.Room` are one cast; `events` and `Events` one segment; `delta` and `delta()` one function. */
function bareName(segment: string): string {
  return segment
    .toLowerCase()
    .replace(/^microsoft\.graph\./, 'graph.')
    .replace(/\(\)$/, '')
}

/** Also takes the key form `users('ann@contoso.example')`, which Graph prints in its own links. */
function segmentsOf(pathname: string): string[] {
  return pathname
    .split('/')
    .filter(Boolean)
    .map(decoded)
    .flatMap((segment) => {
      const keyed = /^(\w+)\('(.+)'\)$/.exec(segment)
      return keyed ? [keyed[1] ?? '', keyed[2] ?? ''] : [segment]
    })
}
