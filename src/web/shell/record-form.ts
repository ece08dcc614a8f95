import { useEffect, useRef, useState } from 'react'
import type { z } from 'zod'
import { type ApiProblem, asProblem } from './api-problem.ts'
import { type Conflict, conflictIn, currentVersion, differences, type Fields, messagesOf } from './record-changes.ts'

export type { Fields } from './record-changes.ts'

export type FieldProps<T> = {
  value: T
  onChange: (value: T) => void
  onBlur: () => void
  error: string | null
}

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

/** State of one record's form: what was typed against what the server has, messages beside fields, and who else changed it. */
export function useRecordForm<V extends Fields, R>(options: RecordFormOptions<V, R>): RecordForm<V> {
  const state = useFormState(options)
  const { base, values, errors, problem, saving, dirty } = state
  const set = <K extends keyof V & string>(name: K, value: V[K]) => {
    state.setValues((before) => ({ ...before, [name]: value }))
    state.setErrors(({ [name]: _, ...others }) => others)
    state.setProblem(null)
  }
  return {
    values,
    set,
    dirty,
    saving,
    problem,
    wouldLose: () => state.unsaved.current,
    conflict: problem === null ? null : conflictIn(problem),
    submit: () => submit(state, options),
    field: (name) => ({
      value: values[name],
      onChange: (value) => set(name, value),
      onBlur: () => state.setErrors((before) => ({ ...before, ...only(messagesNow(state, options), name) })),
      error: errors[name] ?? null,
    }),
    loadTheirs: () => {
      state.setValues(base.values)
      state.setProblem(null)
      void options.reload?.()
    },
    keepEditing: () => {
      state.setBase((before) => ({ ...before, version: currentVersion(problem) ?? before.version }))
      state.setProblem(null)
    },
  }
}

function useFormState<V extends Fields, R>({ initial, version }: RecordFormOptions<V, R>) {
  const [base, setBase] = useState({ values: initial, version })
  const [values, setValues] = useState(initial)
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const changed = differences(base.values, values)
  const dirty = Object.keys(changed).length > 0
  const unsaved = useRef(false)
  unsaved.current = dirty
  const outdated = version !== base.version && !dirty && !saving
  // A newer record is shown at once, unless somebody is typing: then Update finds out, and asks.
  useEffect(() => {
    if (!outdated) return
    setBase({ values: initial, version })
    setValues(initial)
    setErrors({})
    setProblem(null)
  }, [outdated, initial, version])
  return {
    base,
    setBase,
    values,
    setValues,
    errors,
    setErrors,
    saving,
    setSaving,
    problem,
    setProblem,
    changed,
    dirty,
    unsaved,
  }
}

type FormState<V extends Fields> = ReturnType<typeof useFormState<V, unknown>>

async function submit<V extends Fields, R>(state: FormState<V>, options: RecordFormOptions<V, R>): Promise<boolean> {
  const { base, values, changed } = state
  const messages = messagesNow(state, options)
  state.setErrors(messages)
  if (Object.keys(messages).length > 0) return false
  state.setSaving(true)
  try {
    const result = await options.save({ changed, values, version: base.version })
    state.setBase({ values, version: base.version })
    state.setProblem(null)
    state.unsaved.current = false
    options.onSaved(result)
    return true
  } catch (error) {
    const refusal = asProblem(error)
    state.setErrors(refusal.fields)
    state.setProblem(refusal)
    return false
  } finally {
    state.setSaving(false)
  }
}

/** A new record is judged as a whole, a known one by what is about to be sent. */
function messagesNow<V extends Fields, R>(
  { base, values, changed }: FormState<V>,
  { shape }: RecordFormOptions<V, R>,
): Record<string, string> {
  return messagesOf(shape, base.version === null ? values : { ...changed, version: base.version })
}

function only(messages: Record<string, string>, name: string): Record<string, string> {
  const message = messages[name]
  return message === undefined ? {} : { [name]: message }
}
