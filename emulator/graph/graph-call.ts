import type { AccessToken } from '../access-token.ts'
import type { Fault, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { Preferences } from './preferences.ts'
import type { QueryOptions } from './query-options.ts'

/** One request to Graph, from HTTP or from inside a `$batch`. */
export type GraphRequest = {
  method: string
  /** Path below `/v1.0` and query. */
  url: URL
  headers: Headers
  body: string
  requestId: string
  token: AccessToken
  /** A fault that lets the request through and spoils its answer. */
  fault: Fault | null
}

/** What a handler is given: the request with its parts read. */
export type GraphCall = {
  tenant: Tenant
  request: GraphRequest
  token: AccessToken
  params: Record<string, string>
  query: QueryOptions
  preferences: Preferences
  /** Address at which Graph says it lives, without a trailing slash: `https://graph.microsoft.com/v1.0`. */
  root: string
}

/** A call on something in a mailbox; `/me` and `/users/{id}` have become one. */
export type MailboxCall = GraphCall & { mailbox: User }

export type GraphAnswer = {
  status: number
  /** JSON unless it is a string; absent for answers without content. */
  body?: unknown
  headers?: Record<string, string>
}

/** What the ledger is to know of an answer. */
export type Outcome = GraphAnswer & { mailbox: string | null; errorCode: string | null }
