import { useState } from 'react'
import type { CalendarProvider } from '#providers/calendar-provider.contract.ts'
import type { SyncMode } from '#providers/contract.ts'
import { useAliasOptions } from '../connections/pickers.ts'
import { optionsOf } from '../connections/words.ts'
import { AreaField, ChoiceField, ReadOnlyField, SwitchField, TextField, WholeRow } from '../design/fields.tsx'
import type { FieldProps, RecordForm } from '../shell/record-form.ts'
import { type Option, RecordPicker } from '../shell/record-picker.tsx'
import { modeWords } from './words.ts'

export type CalendarProviderValues = {
  name: string
  description: string
  active: boolean
  mode: SyncMode | null
  overrideAliasId: string | null
  delegatedUserEmail: string | null
  syncStartsOn: string | null
  syncEndsOn: string | null
}

export function valuesOf(provider: CalendarProvider): CalendarProviderValues {
  const { name, description, active, ownMode, overrideAlias, delegatedUserEmail, syncStartsOn, syncEndsOn } = provider
  const overrideAliasId = overrideAlias?.id ?? null
  return { name, description, active, mode: ownMode, overrideAliasId, delegatedUserEmail, syncStartsOn, syncEndsOn }
}

type CalendarProviderFieldsProps = {
  form: RecordForm<CalendarProviderValues>
  /** The property's: what holds where the provider has no mode of its own. */
  defaultMode: SyncMode
  alias: Option | null
  readOnly: boolean
}

/** The fields of a calendar provider. The delegated user is asked for only where one acts. */
export function CalendarProviderFields({ form, defaultMode, alias, readOnly }: CalendarProviderFieldsProps) {
  const { field, values } = form
  const mode = field('mode')
  const effective = values.mode ?? defaultMode
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <ReadOnlyField label="Processor">Microsoft Graph</ReadOnlyField>
      <ChoiceField
        label="Mode"
        {...mode}
        onChange={(value) => mode.onChange(value as SyncMode | null)}
        options={optionsOf(modeWords)}
        none={`As the property says: ${modeWords[defaultMode]}`}
        hint={modeHints[effective]}
        readOnly={readOnly}
      />
      {effective === 'normal' ? (
        <ReadOnlyField label="Delegated user" hint="In normal mode the application acts, and nobody else.">
          None
        </ReadOnlyField>
      ) : (
        <TextField
          label="Delegated user email"
          kind="email"
          required
          {...orEmpty(field('delegatedUserEmail'))}
          hint={delegatedHints[effective]}
          readOnly={readOnly}
        />
      )}
      <OverrideAlias form={form} alias={alias} readOnly={readOnly} />
      <TextField
        label="Sync start"
        kind="date"
        {...orEmpty(field('syncStartsOn'))}
        hint="Meetings that end before this day are left alone. Empty: no beginning."
        readOnly={readOnly}
      />
      <TextField
        label="Sync end"
        kind="date"
        {...orEmpty(field('syncEndsOn'))}
        hint="Meetings from this day on are left alone. Empty: no end."
        readOnly={readOnly}
      />
      <SwitchField
        label="Active"
        {...field('active')}
        hint="While it is inactive, none of its rooms is kept in step."
        readOnly={readOnly}
      />
      <WholeRow>
        <AreaField label="Description" {...field('description')} readOnly={readOnly} />
      </WholeRow>
    </>
  )
}

type OverrideAliasProps = Pick<CalendarProviderFieldsProps, 'form' | 'alias' | 'readOnly'>

/** Off, the mode's own alias is used; on, one below Microsoft_Exchange_Online is chosen. */
function OverrideAlias({ form, alias, readOnly }: OverrideAliasProps) {
  const field = form.field('overrideAliasId')
  const [on, setOn] = useState(field.value !== null)
  return (
    <>
      <SwitchField
        label="Override alias"
        value={on}
        onChange={(value) => {
          setOn(value)
          if (!value) field.onChange(null)
        }}
        hint="Needed for several delegated users: each has a provider and an alias of its own."
        readOnly={readOnly}
      />
      {on ? (
        <RecordPicker
          label="Connection alias"
          required
          field={field}
          current={alias}
          useOptions={useAliasOptions}
          hint="A child alias of Microsoft_Exchange_Online."
          readOnly={readOnly}
        />
      ) : (
        <ReadOnlyField label="Connection alias" hint="The alias of the mode.">
          As the mode says
        </ReadOnlyField>
      )}
    </>
  )
}

const modeHints: Record<SyncMode, string> = {
  normal: 'The application acts, with its own permission.',
  strict: 'The delegated mailbox organises every meeting; the person is invited.',
  personal: 'Each person’s own permission for what that person does; the delegated mailbox for everything else.',
}

const delegatedHints: Record<Exclude<SyncMode, 'normal'>, string> = {
  strict: 'The mailbox that organises. It must be a delegate of every room, and sign in on the credential.',
  personal: 'The mailbox that acts for the system. It must be a delegate of every room, and sign in on the credential.',
}

/** An empty text is nothing. */
function orEmpty({ value, onChange, ...rest }: FieldProps<string | null>): FieldProps<string> {
  return { ...rest, value: value ?? '', onChange: (typed) => onChange(typed === '' ? null : typed) }
}
