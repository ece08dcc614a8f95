import { z } from 'zod'
import type { GraphCall } from './graph-call.ts'
import { GraphProblem } from './graph-problem.ts'

/**
 * The JSON body of a request with every property name in lower case: Graph takes names in any case, and the metadata's
 * own casing of action parameters (`Schedules`) differs from the documentation's (`schedules`).
 */
export function readBody(call: GraphCall): Record<string, unknown> {
  const text = call.request.body.trim()
  if (text === '') return {}
  const body = foldNames(parseJson(text))
  if (body !== null && typeof body === 'object' && !Array.isArray(body)) return body as Record<string, unknown>
  throw unreadable('The request body must be a JSON object.')
}

/** Parses a body by a shape whose names are in lower case; the first thing wrong is the message. */
export function parseBody<S extends z.ZodType>(call: GraphCall, shape: S): z.infer<S> {
  const parsed = shape.safeParse(readBody(call))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unreadable(`${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'is not valid'}`)
}

/** An enumeration in any case, read as Graph prints it. */
export function anyCase<const T extends string>(members: readonly T[]) {
  return z.string().transform((text, context) => {
    const member = members.find((one) => one.toLowerCase() === text.toLowerCase())
    if (member !== undefined) return member
    context.addIssue({ code: 'custom', message: `Requested value '${text}' was not found.` })
    return z.NEVER
  })
}

export function unreadable(message: string): GraphProblem {
  return new GraphProblem(400, 'RequestBodyRead', message)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const message =
      'Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.'
    throw new GraphProblem(400, 'BadRequest', message)
  }
}

function foldNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(foldNames)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), foldNames(inner)]))
}
