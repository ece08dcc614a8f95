import type { TokenScope } from './contract.ts'

/** Who is making a request. Features receive it; only `people` decides it. */
export type Actor = {
  userId: string
  displayName: string
  email: string
  roles: ReadonlySet<string>
  /** Microsoft's identity of this person, null for a local administrator. */
  microsoft: { tenantId: string; objectId: string } | null
  via: 'session' | 'api_token' | 'cli'
  /** The session's row id; null for API tokens, which cannot do what needs a browser. */
  sessionId: string | null
  /** When this person last gave their password, here or at Microsoft; null where that is not known. Only with `via: 'session'`. */
  provedAt?: Date | null
  /** What the API token of this request is limited to; only with `via: 'api_token'`. */
  tokenScopes?: readonly TokenScope[]
}

/** Who changes a record, and under which request. */
export type Editor = { actor: Actor; requestId: string }

/** `admin` may do whatever any role may. */
export function hasRole(actor: Actor, ...roles: readonly string[]): boolean {
  return actor.roles.has('admin') || roles.some((role) => actor.roles.has(role))
}

/** What our outer layers put on every request's context (Hono's own way of typing it). */
declare module 'hono' {
  interface ContextVariableMap {
    requestId: string
    actor: Actor | null
  }
}
