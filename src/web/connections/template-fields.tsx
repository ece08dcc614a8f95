import type { FieldCheck, TemplateField } from '#connections/template.contract.ts'
import { SecretField, TextField } from '../design/fields.tsx'
import { Verdict } from '../design/verdict.tsx'
import type { RecordForm } from '../shell/record-form.ts'

export type TemplateFormValues = {
  name: string
  tenantId: string
  clientId: string
  clientSecret: string
  expectedAccount: string
  connectionUrl: string
}

type TemplateFieldsProps = {
  form: RecordForm<TemplateFormValues>
  fields: readonly TemplateField[]
  /** What the server says about each field as it stands. */
  checks: Readonly<Record<string, FieldCheck>>
  readOnly: boolean
}

export function TemplateFields({ form, fields, checks, readOnly }: TemplateFieldsProps) {
  return fields.map(({ name, label, hint, kind, required }) => {
    if (!isKnown(name, form.values)) return null
    const shared = { label, hint, required, readOnly, ...form.field(name) }
    return (
      <div key={name}>
        {kind === 'secret' ? (
          <SecretField {...shared} stored={false} />
        ) : (
          <TextField {...shared} kind={kind} mono={name.endsWith('Id')} />
        )}
        <CheckLine check={checks[name]} shown={form.values[name] !== '' && shared.error === null} />
      </div>
    )
  })
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

function isKnown(name: string, values: TemplateFormValues): name is keyof TemplateFormValues {
  return name in values
}
