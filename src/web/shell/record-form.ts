import { useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { type ApiProblem, asProblem } from './api-problem.ts'

export type Fields = Record<string, unknown>

export type FieldProps<T> = {
  value: T
  onChange: (value: T) => void
  onBlur: () => void
  error: string | null
}

export type Conflict = { updatedBy: string; updatedAt: string }

type Sent<V> = { changed: Partial<V>; values: V; version: number | null }

export type RecordFormOptions<V extends Fields, R> = {
  /** The record as the server has it. A new object with the same version changes nothing. */
  initial: V
  /** Null for a record that is not made yet. */
  version: number | null
  /** The contract's body: its messages appear beside the fields before anything is sent. */
  shape: z.ZodType | undefined
  /** Sends the change. It is given all values, and those that differ from the record. */
  save: (sent: Sent<V>) => Promise<R>
  onSaved: (result: R) => void
  /** Reads the record again, after somebody else changed it. */
  reload?: () => Promise<unknown>
}

export type RecordForm<V extends Fields> = {
  values: V
  field: <K extends keyof V & string>(name: K) => FieldProps<V[K]>
  set: <K extends keyof V & string>(name: K, value: V[K]) => void
  dirty: boolean
  /** Whether something typed would be lost now; unlike `dirty` it is already false while `onSaved` runs. */
  wouldLose: () => boolean
  saving: boolean
  /** A refusal that belongs to no field. */
  problem: ApiProblem | null
  conflict: Conflict | null
  /** True once it is saved, false if something needs attention first. */
  submit: () => Promise<boolean>
  loadTheirs: () => void
  keepEditing: () => void
}

type Base<V> = { values: V; version: number | null }

/** State of one record's form: what was typed against what the server has, messages beside fields, and who else changed it. */
export function useRecordForm<V extends Fields, R>(options: RecordFormOptions<V, R>): RecordForm<V> {
  const [base, setBase] = useState<Base<V>>({ values: options.initial, version: options.version })
  const [values, setValues] = useState(options.initial)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const changed = differences(base.values, values)
  const dirty = Object.keys(changed).length > 0
  const unsaved = useRef(false)
  unsaved.current = dirty
  const adopt = (values: V, version: number | null) => {
    setBase({ values, version })
    setValues(values)
    setErrors({})
    setProblem(null)
  }
  useEffect(() => {
    if (options.version !== base.version && !dirty && !saving) adopt(options.initial, options.version)
  })
  const check = (): Record<string, string> =>
    messagesOf(options.shape, base.version === null ? values : { ...changed, version: base.version })
  const set = <K extends keyof V & string>(name: K, value: V[K]) => {
    setValues((before) => ({ ...before, [name]: value }))
    setErrors(({ [name]: _, ...others }) => others)
    setProblem(null)
  }
  const submit = async () => {
    const messages = check()
    setErrors(messages)
    if (Object.keys(messages).length > 0) return false
    setSaving(true)
    try {
      const result = await options.save({ changed, values, version: base.version })
      setBase({ values, version: base.version })
      setProblem(null)
      unsaved.current = false
      options.onSaved(result)
      return true
    } catch (error) {
      const refusal = asProblem(error)
      setErrors(refusal.fields)
      setProblem(refusal)
      return false
    } finally {
      setSaving(false)
    }
  }
  return {
    values,
    set,
    dirty,
    wouldLose: () => unsaved.current,
    saving,
    submit,
    problem,
    conflict: problem === null ? null : conflictIn(problem),
    field: (name) => ({
      value: values[name],
      onChange: (value) => set(name, value),
      onBlur: () => setErrors((before) => ({ ...before, ...only(check(), name) })),
      error: errors[name] ?? null,
    }),
    loadTheirs: () => {
      setValues(base.values)
      setProblem(null)
      void options.reload?.()
    },
    keepEditing: () => {
      setBase((before) => ({ ...before, version: currentVersion(problem) ?? before.version }))
      setProblem(null)
    },
  }
}

/** The messages of a shape for these values, by field. */
export function messagesOf(shape: z.ZodType | undefined, values: unknown): Record<string, string> {
  const result = shape?.safeParse(values) ?? { success: true as const }
  if (result.success) return {}
  return Object.fromEntries(result.error.issues.toReversed().map((issue) => [issue.path.join('.'), issue.message]))
}

/** The values that differ from those the record has. */
export function differences<V extends Fields>(before: V, after: V): Partial<V> {
  const names = Object.keys(after) as (keyof V)[]
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      .map((name) => [name, after[name]]),
  ) as Partial<V>
}

function only(messages: Record<string, string>, name: string): Record<string, string> {
  const message = messages[name]
  return message === undefined ? {} : { [name]: message }
}

function conflictIn({ code, facts }: ApiProblem): Conflict | null {
  if (!code.endsWith('.changed_by_someone_else')) return null
  return { updatedBy: String(facts.updatedBy ?? 'Somebody'), updatedAt: String(facts.updatedAt ?? '') }
}

/** The version to go on from, when the person chose to keep their own edits. */
function currentVersion(problem: ApiProblem | null): number | null {
  const current = problem?.facts.current
  if (typeof current === 'number') return current
  if (typeof current === 'object' && current !== null && 'version' in current) return Number(current.version)
  return null
}
