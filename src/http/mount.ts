import type { Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { type Actor, hasRole } from './actor.ts'
import type { Access, Endpoint } from './contract.ts'
import { refused } from './errors.ts'
import { invalidInput } from './problem.ts'
import { bodyOf, paramsOf, queryOf } from './request-input.ts'

/** What a handler is given: parsed input, who asks, and the raw context for cookies. */
export type Call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, Who = Actor | null> = {
  params: z.output<P>
  query: z.output<Q>
  body: z.output<B>
  actor: Who
  requestId: string
  context: Context
}

/** Where features put their operations. `list` is what OpenAPI and the access test read. */
export type Router = {
  app: Hono
  list: Endpoint[]
}

/**
 * Puts one operation on the server: checks who asks, parses the input, and answers with the handler's value as JSON, or with its
 * Response (made by the context, so that it has our headers) where the endpoint names other media types.
 */
export function mount<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  router: Router,
  definition: Endpoint<P, Q, B, A>,
  handler: (call: Call<P, Q, B>) => Promise<z.input<A> | Response>,
): void {
  router.list.push(definition as Endpoint)
  const path = definition.path.replaceAll(/\{(\w+)\}/g, ':$1')
  router.app.on([definition.method], [path], async (context) => {
    const actor = actorOf(context)
    checkAccess(definition.access, actor)
    const answer = await handler({
      params: parsed(definition.params, paramsOf(context)) as z.output<P>,
      query: parsed(definition.query, queryOf(context)) as z.output<Q>,
      body: parsed(definition.body, definition.body ? await bodyOf(context) : undefined) as z.output<B>,
      actor,
      requestId: String(context.get('requestId')),
      context,
    })
    if (answer instanceof Response) return answer
    return context.json(answer as object, (definition.status ?? 200) as ContentfulStatusCode)
  })
}

/** The same for operations that need somebody: the handler gets an actor that is certainly there. */
export function mountSignedIn<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  router: Router,
  definition: Endpoint<P, Q, B, A>,
  handler: (call: Call<P, Q, B, Actor>) => Promise<z.input<A> | Response>,
): void {
  mount(router, definition, (call) => handler({ ...call, actor: somebody(call.actor) }))
}

export function actorOf(context: Context): Actor | null {
  return (context.get('actor') as Actor | undefined) ?? null
}

function somebody(actor: Actor | null): Actor {
  if (actor === null) throw refused('http.sign_in_required')
  return actor
}

function checkAccess(access: Access, actor: Actor | null): void {
  if (access === 'anyone') return
  const asker = somebody(actor)
  if (access === 'signed_in' || hasRole(asker, ...access)) return
  throw refused('http.role_required', {
    say: `This needs the role ${['admin', ...access].join(' or ')}. Ask an administrator for it.`,
    facts: { rolesNeeded: ['admin', ...access] },
  })
}

function parsed(shape: z.ZodType | undefined, input: unknown): unknown {
  if (shape === undefined) return undefined
  const result = shape.safeParse(input)
  if (!result.success) throw invalidInput(result.error)
  return result.data
}
