import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import {
  createSyncConfiguration,
  deleteSyncConfiguration,
  readSyncConfiguration,
  type SyncConfiguration,
  updateSyncConfiguration,
} from '#providers/sync-configuration.contract.ts'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { RecordGate } from '../shell/record-gate.tsx'
import { saySaved } from '../shell/saved.ts'
import { ActivateButton } from './activate-button.tsx'
import { ConfigurationBadge } from './configuration-columns.tsx'
import { RoomCalendar } from './room-calendar.tsx'
import { SyncConfigurationFields, type SyncConfigurationValues } from './sync-configuration-fields.tsx'

/** One room's reservable sync configuration. */
export function SyncConfigurationPage() {
  const { id } = useParams({ from: '/signed-in/console/sync-configurations/$id' })
  return id === 'new' ? <NewConfiguration /> : <KnownConfiguration id={id} />
}

function KnownConfiguration({ id }: { id: string }) {
  const answer = useQuery(asking(readSyncConfiguration, { params: { id } }))
  return (
    <RecordGate answer={answer} what="sync configuration">
      {(configuration) => (
        <ConfigurationForm key={configuration.id} configuration={configuration} reload={answer.refetch} />
      )}
    </RecordGate>
  )
}

const nothing: SyncConfigurationValues = { roomId: null, providerId: null, email: null, noRequest: false }

function NewConfiguration() {
  const mayMake = useHasRole('rsvsync_admin')
  const navigate = useNavigate()
  const form = useRecordForm<SyncConfigurationValues, SyncConfiguration>({
    initial: nothing,
    version: null,
    shape: createSyncConfiguration.body,
    save: ({ values: { roomId, providerId, ...values } }) =>
      call(createSyncConfiguration, { body: { ...values, roomId: roomId ?? '', providerId: providerId ?? '' } }),
    onSaved: (made) => {
      adoptAnswer(readSyncConfiguration, { id: made.id }, made)
      saySaved('Created', `${made.room.name} is not kept in step yet: activate it.`)
      void navigate({ to: '/console/sync-configurations/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New sync configuration"
      kind="Reservable sync configuration"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role rsvsync_admin'}
      fields={<SyncConfigurationFields form={form} known={null} readOnly={!mayMake} />}
    />
  )
}

type ConfigurationFormProps = { configuration: SyncConfiguration; reload: () => Promise<unknown> }

function ConfigurationForm({ configuration, reload }: ConfigurationFormProps) {
  const { id, room, provider, noRequest } = configuration
  const mayChange = useHasRole('rsvsync_admin')
  const navigate = useNavigate()
  const form = useRecordForm<SyncConfigurationValues, SyncConfiguration>({
    initial: { roomId: room.id, providerId: provider.id, email: room.mailbox, noRequest },
    version: configuration.version,
    shape: updateSyncConfiguration.body,
    save: ({ changed: { roomId: _, providerId, ...changed }, version }) => {
      const body = { ...changed, ...(providerId ? { providerId } : {}), version: version ?? configuration.version }
      return call(updateSyncConfiguration, { params: { id }, body })
    },
    onSaved: (saved) => {
      adoptAnswer(readSyncConfiguration, { id }, saved)
      saySaved('Updated', `The configuration of ${saved.room.name} is saved.`)
    },
    reload,
  })
  return (
    <RecordFrame
      name={room.name}
      kind="Reservable sync configuration"
      status={<ConfigurationBadge configuration={configuration} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role rsvsync_admin'}
      actions={mayChange ? <ActivateButton configuration={configuration} /> : null}
      deletion={{
        consequence: `${room.name} is no longer kept in step. Its reservations, and its meetings in Outlook, stay.`,
        run: () => call(deleteSyncConfiguration, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${room.name} is no longer kept in step.`)
          void navigate({ to: '/console/sync-configurations' }).then(() => forgetRecord(readSyncConfiguration, { id }))
        },
      }}
      fields={<SyncConfigurationFields form={form} known={configuration} readOnly={!mayChange} />}
    >
      <RoomCalendar configuration={configuration} />
    </RecordFrame>
  )
}
