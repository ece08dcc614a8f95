import type { RetryPolicyRecord } from '#connections/retry-policy.contract.ts'
import { AreaField, ChoiceField, NumberField, SwitchField, TextField, WholeRow } from '../design/fields.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { useTyped } from './use-typed.ts'
import { optionsOf, retryStrategyWords } from './words.ts'

export type RetryPolicyValues = Pick<
  RetryPolicyRecord,
  | 'name'
  | 'strategy'
  | 'attemptsMax'
  | 'firstWaitMs'
  | 'waitMaxMs'
  | 'totalMs'
  | 'conditions'
  | 'isDefault'
  | 'description'
>

/** The fields of a retry policy. Conditions on headers, bodies and methods are kept as they are; scripts set them over the API. */
export function RetryPolicyFields({ form, readOnly }: { form: RecordForm<RetryPolicyValues>; readOnly: boolean }) {
  const { field, values, set } = form
  const strategy = field('strategy')
  const conditions = values.conditions
  const number = (name: 'attemptsMax' | 'firstWaitMs' | 'waitMaxMs' | 'totalMs') => {
    const { onChange, ...rest } = field(name)
    return { ...rest, onChange: (typed: number | null) => onChange(typed ?? 0), readOnly }
  }
  const onError = (error: 'no_answer' | 'unreachable') => ({
    value: conditions.errors.includes(error),
    onChange: (on: boolean) => {
      const others = conditions.errors.filter((one) => one !== error)
      set('conditions', { ...conditions, errors: on ? [...others, error] : others })
    },
    readOnly,
  })
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <ChoiceField
        label="Waits"
        {...strategy}
        onChange={(value) => strategy.onChange(value === 'exponential' || value === 'fixed' ? value : 'retry_after')}
        options={optionsOf(retryStrategyWords)}
        readOnly={readOnly}
      />
      <NumberField label="Tries" hint="The first one included." {...number('attemptsMax')} />
      <NumberField label="First wait" unit="ms" {...number('firstWaitMs')} />
      <NumberField
        label="Longest wait"
        unit="ms"
        hint="A server that asks for more is not asked again."
        {...number('waitMaxMs')}
      />
      <NumberField label="Total time" unit="ms" hint="No try begins later than this." {...number('totalMs')} />
      <StatusesField form={form} readOnly={readOnly} />
      <SwitchField label="After no answer in time" {...onError('no_answer')} />
      <SwitchField label="After the server could not be reached" {...onError('unreachable')} />
      <SwitchField
        label="Default"
        hint="Followed by every alias that, with its parents, names none."
        {...field('isDefault')}
        readOnly={readOnly}
      />
      <WholeRow>
        <AreaField label="Description" {...field('description')} readOnly={readOnly} />
      </WholeRow>
    </>
  )
}

/** Statuses as people write them: 429, 503. What is no number is left out when the field is left. */
function StatusesField({ form, readOnly }: { form: RecordForm<RetryPolicyValues>; readOnly: boolean }) {
  const { values, set, field } = form
  return (
    <TextField
      label="After these statuses"
      hint="From 400 to 599, with commas between them."
      error={field('conditions').error}
      {...useTyped(values.conditions.statuses.join(', '), (typed) => {
        const statuses = typed.split(/[\s,]+/).map(Number)
        set('conditions', { ...values.conditions, statuses: statuses.filter((one) => one >= 400 && one <= 599) })
      })}
      readOnly={readOnly}
    />
  )
}
