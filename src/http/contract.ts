import type { z } from 'zod'

/** What an API token may be limited to. `read`: whatever its owner may look at. `everything`: whatever its owner may do. */
export const tokenScopes = ['read', 'reservations', 'connections', 'everything'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** Who may call: anybody, anybody signed in, or people with one of these roles (`admin` always may). */
export type Access = 'anyone' | 'signed_in' | readonly string[]

/**
 * One operation of the REST API. Server, OpenAPI document, web console and command line are all made from this value, so
 * they cannot disagree. Paths use `{name}` for parameters, as OpenAPI does.
 */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  path: `/api/${string}`
  summary: string
  access: Access
  params?: Params
  query?: Query
  body?: Body
  answer: Answer
  /** Media types of the answer, if it is not JSON made from `answer`. */
  media?: readonly string[]
  /** 200 unless said otherwise. */
  status?: 200 | 201 | 202
  /** Error codes this operation may answer with, beyond the general ones. */
  errors?: readonly string[]
}

export function endpoint<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  definition: Endpoint<P, Q, B, A>,
): Endpoint<P, Q, B, A> {
  return definition
}

/** What an endpoint takes, after parsing. */
export type BodyOf<E> = E extends { body?: infer B extends z.ZodType } ? z.output<B> : never
export type QueryOf<E> = E extends { query?: infer Q extends z.ZodType } ? z.output<Q> : never

/** RFC 9457 problem document with our stable `code`, and messages beside fields of a form. */
export type Problem = {
  type: string
  title: string
  status: number
  code: string
  detail: string
  requestId: string
  fields?: Record<string, string>
  facts?: Record<string, unknown>
}
