import type { SyncConfiguration } from '#providers/sync-configuration.contract.ts'
import { ReadOnlyField, SwitchField, TextField } from '../design/fields.tsx'
import { TextLink } from '../design/links.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { RecordPicker } from '../shell/record-picker.tsx'
import { useProviderOptions, useRoomOptions } from './pickers.ts'

export type SyncConfigurationValues = {
  roomId: string | null
  providerId: string | null
  email: string | null
  noRequest: boolean
}

type SyncConfigurationFieldsProps = {
  form: RecordForm<SyncConfigurationValues>
  /** Null for one that is not made yet, whose room is still to be chosen. */
  known: SyncConfiguration | null
  readOnly: boolean
}

/** The fields of a sync configuration. Whether it is active is no field: Activate and Deactivate are buttons. */
export function SyncConfigurationFields({ form, known, readOnly }: SyncConfigurationFieldsProps) {
  const { field } = form
  const email = field('email')
  const provider = known && { value: known.provider.id, label: known.provider.name }
  return (
    <>
      {known === null ? (
        <RecordPicker label="Room" required field={field('roomId')} current={null} useOptions={useRoomOptions} />
      ) : (
        <ReadOnlyField label="Room" hint={known.room.active ? undefined : 'The room is not in use.'}>
          <TextLink to="/console/rooms/$id" params={{ id: known.room.id }}>
            {known.room.name}
          </TextLink>
          {known.room.building.name}
        </ReadOnlyField>
      )}
      <TextField
        label="E-mail"
        kind="email"
        {...email}
        value={email.value ?? ''}
        onChange={(typed) => email.onChange(typed === '' ? null : typed)}
        hint={
          known === null
            ? 'May stay empty. If entered, it must be the address of the room’s mailbox.'
            : 'The address of the room’s mailbox. It is changed on the room.'
        }
        readOnly={readOnly}
      />
      <RecordPicker
        label="Provider"
        required
        field={field('providerId')}
        current={provider}
        useOptions={useProviderOptions}
        hint={known === null ? undefined : 'With another provider the room’s calendar is read anew.'}
        readOnly={readOnly}
      />
      <SwitchField
        label="No request"
        {...field('noRequest')}
        hint="Changes are made and shown here, and nothing is sent to Outlook."
        readOnly={readOnly}
      />
    </>
  )
}
