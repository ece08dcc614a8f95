import type { z } from 'zod'
import type { ApiProblem } from './api-problem.ts'

export type Fields = Record<string, unknown>

export type Conflict = { updatedBy: string; updatedAt: string }

/** The messages of a shape for these values, by field; the first of each. */
export function messagesOf(shape: z.ZodType | undefined, values: unknown): Record<string, string> {
  const result = shape?.safeParse(values)
  if (result === undefined || result.success) return {}
  return Object.fromEntries(result.error.issues.toReversed().map((issue) => [issue.path.join('.'), issue.message]))
}

/** The values that differ from those the record has. */
export function differences<V extends Fields>(before: V, after: V): Partial<V> {
  const names = Object.keys(after) as (keyof V)[]
  const same = (name: keyof V) => JSON.stringify(before[name]) === JSON.stringify(after[name])
  return Object.fromEntries(names.filter((name) => !same(name)).map((name) => [name, after[name]])) as Partial<V>
}

/** Who changed the record meanwhile, if that is why a write was refused. */
export function conflictIn({ code, facts }: ApiProblem): Conflict | null {
  if (!code.endsWith('.changed_by_someone_else')) return null
  return { updatedBy: String(facts.updatedBy ?? 'Somebody'), updatedAt: String(facts.updatedAt ?? '') }
}

/** The version the record has by now, from the refusal of a write that was based on an older one. */
export function currentVersion(problem: ApiProblem | null): number | null {
  const current = problem?.facts.current
  if (typeof current === 'number') return current
  if (typeof current === 'object' && current !== null && 'version' in current) return Number(current.version)
  return null
}
