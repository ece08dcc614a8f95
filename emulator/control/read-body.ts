import type { Context } from 'hono'
import { z } from 'zod'
import type { TenantEnv } from '../http.ts'

/** Parses a JSON body, or makes the 400 that names what is wrong. An empty body counts as `{}`. */
export async function readBody<T>(
  c: Context<TenantEnv>,
  shape: z.ZodType<T>,
): Promise<{ ok: true; value: T } | { ok: false; answer: Response }> {
  const parsed = shape.safeParse(jsonOf(await c.req.text()))
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, answer: c.json({ problem: z.prettifyError(parsed.error) }, 400) }
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
