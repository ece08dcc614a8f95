import { z } from 'zod'
import { type FieldCheck, type TemplateField, useTemplate } from '#connections/template.contract.ts'
import { ChoiceField, SecretField, TextField } from '../design/fields.tsx'
import { Verdict } from '../design/verdict.tsx'
import type { RecordForm } from '../shell/record-form.ts'

/** What was typed, by the name of the field; those of other templates stay for whoever changes their mind. */
export type TemplateFormValues = Record<string, string>

/** What the fields of one template hold, and nothing that was typed for another. */
export function valuesFor(fields: readonly TemplateField[], values: TemplateFormValues): TemplateFormValues {
  const filled = fields.map(({ name, options }) => [name, values[name] || (options[0]?.value ?? '')] as const)
  return Object.fromEntries(filled.filter(([, value]) => value !== ''))
}

/** Messages before anything is sent. */
export function shapeOf(fields: readonly TemplateField[]): z.ZodType {
  const shapes = fields.map(({ name, label, required, options }) => [
    name,
    required && options.length === 0 ? z.string().trim().min(1, `Enter the ${label}.`) : z.string().optional(),
  ])
  return z.object({ ...Object.fromEntries(shapes), ...(useTemplate.body ? { name: useTemplate.body.shape.name } : {}) })
}

type TemplateFieldsProps = {
  form: RecordForm<TemplateFormValues>
  fields: readonly TemplateField[]
  /** What the server says about each field as it stands. */
  checks: Readonly<Record<string, FieldCheck>>
  readOnly: boolean
}

export function TemplateFields({ form, fields, checks, readOnly }: TemplateFieldsProps) {
  return fields.map((field) => {
    const { value = '', ...rest } = form.field(field.name)
    return (
      <div key={field.name}>
        <OneField field={field} shared={{ ...rest, value, readOnly }} />
        <CheckLine check={checks[field.name]} shown={value !== '' && rest.error === null} />
      </div>
    )
  })
}

type Shared = {
  value: string
  onChange: (value: string) => void
  onBlur: () => void
  error: string | null
  readOnly: boolean
}

function OneField({
  field: { name, label, hint, kind, required, options },
  shared,
}: {
  field: TemplateField
  shared: Shared
}) {
  const said = { label, hint, required }
  if (kind === 'secret') return <SecretField {...said} {...shared} stored={false} />
  if (kind !== 'choice') return <TextField {...said} {...shared} kind={kind} mono={name.endsWith('Id')} />
  return (
    <ChoiceField
      {...said}
      {...shared}
      value={shared.value || (options[0]?.value ?? null)}
      onChange={(value) => shared.onChange(value ?? '')}
      options={options}
    />
  )
}

/** Said politely, so that a reader hears it while going on to the next field. */
function CheckLine({ check, shown }: { check: FieldCheck | undefined; shown: boolean }) {
  return (
    <div aria-live="polite">
      {shown && check !== undefined && check.say !== '' ? (
        <Verdict meaning={check.ok === null ? 'neutral' : check.ok ? 'good' : 'attention'}>{check.say}</Verdict>
      ) : null}
    </div>
  )
}
