import type { Context } from 'hono'
import { refused } from './errors.ts'
import { isDeeperThan } from './json-depth.ts'

/** The parameters in the path, decoded. @throws Refusal `http.invalid_input` for text that nothing here may hold */
export function paramsOf(context: Context): Record<string, string> {
  const params = context.req.param()
  for (const [name, text] of Object.entries(params)) if (holdsNul(text)) throw nul(name)
  return params
}

/**
 * The parameters after the question mark. One that is given twice is refused: we and a filter in front of us could each read
 * another one of the two.
 * @throws Refusal `http.invalid_input`
 */
export function queryOf(context: Context): Record<string, string> {
  const sent = [...new URL(context.req.url).searchParams]
  const query = Object.fromEntries(sent)
  for (const [name, text] of sent) if (holdsNul(name) || holdsNul(text)) throw nul(name)
  const names = Object.keys(query)
  if (names.length === sent.length) return query
  const twice = names.filter((name) => sent.filter(([other]) => other === name).length > 1)
  throw refused('http.invalid_input', { fields: Object.fromEntries(twice.map((name) => [name, 'Send this once.'])) })
}

/**
 * The body, which is an empty object if there is none.
 * @throws Refusal `http.not_json`, `http.invalid_input`
 */
export async function bodyOf(context: Context): Promise<unknown> {
  const text = await context.req.text()
  if (text === '') return {}
  if (!/^application\/json\b/i.test(context.req.header('content-type') ?? '')) throw refused('http.not_json')
  if (isDeeperThan(depthMax, text)) throw refused('http.not_json', { say: `Nest the body at most ${depthMax} deep.` })
  const body = parsedJson(text)
  // Looked through only where it can be there: it has no other spelling in JSON.
  if (text.includes('\\u0000') && holdsNulInside(body)) throw nul('body')
  return body
}

/** Deeper than any body of ours, and far from where looking through a value runs out of stack. */
const depthMax = 32

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refused('http.not_json', { say: 'The body is not JSON. Check for a missing quote or comma.', cause })
  }
}

/** PostgreSQL's text cannot hold the character NUL, and no name of anything has one. */
function holdsNul(text: string): boolean {
  return text.includes('\0')
}

function holdsNulInside(value: unknown): boolean {
  if (typeof value === 'string') return holdsNul(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, inner]) => holdsNul(name) || holdsNulInside(inner))
}

function nul(where: string) {
  const field = where.replaceAll('\0', '')
  return refused('http.invalid_input', { fields: { [field]: 'Leave out the character NUL (U+0000).' } })
}
