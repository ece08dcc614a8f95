import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import {
  type CalendarProvider,
  createCalendarProvider,
  deleteCalendarProvider,
  readCalendarProvider,
  updateCalendarProvider,
} from '#providers/calendar-provider.contract.ts'
import type { SyncMode } from '#providers/contract.ts'
import { listProperties } from '#providers/property.contract.ts'
import { ActiveBadge } from '../connections/active-badge.tsx'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { RecordGate } from '../shell/record-gate.tsx'
import { saySaved } from '../shell/saved.ts'
import { CalendarProviderFields, type CalendarProviderValues, valuesOf } from './calendar-provider-fields.tsx'
import { ProviderActing } from './provider-acting.tsx'
import { ProviderRooms } from './provider-rooms.tsx'

/** One calendar provider. */
export function CalendarProviderPage() {
  const { id } = useParams({ from: '/signed-in/console/calendar-providers/$id' })
  const properties = useQuery(asking(listProperties))
  return (
    <RecordGate answer={properties} what="calendar provider">
      {({ properties: known }) => {
        const mode = known.find(({ name }) => name === 'sync.mode')?.value as SyncMode
        return id === 'new' ? <NewProvider defaultMode={mode} /> : <KnownProvider id={id} defaultMode={mode} />
      }}
    </RecordGate>
  )
}

function KnownProvider({ id, defaultMode }: { id: string; defaultMode: SyncMode }) {
  const answer = useQuery(asking(readCalendarProvider, { params: { id } }))
  return (
    <RecordGate answer={answer} what="calendar provider">
      {(provider) => (
        <ProviderForm key={provider.id} provider={provider} defaultMode={defaultMode} reload={answer.refetch} />
      )}
    </RecordGate>
  )
}

const nothing: CalendarProviderValues = {
  name: '',
  description: '',
  active: true,
  mode: null,
  overrideAliasId: null,
  delegatedUserEmail: null,
  syncStartsOn: null,
  syncEndsOn: null,
}

function NewProvider({ defaultMode }: { defaultMode: SyncMode }) {
  const mayMake = useHasRole('rsvsync_admin')
  const navigate = useNavigate()
  const form = useRecordForm<CalendarProviderValues, CalendarProvider>({
    initial: nothing,
    version: null,
    shape: createCalendarProvider.body,
    save: ({ values }) => call(createCalendarProvider, { body: shownIn(values.mode ?? defaultMode, values) }),
    onSaved: (made) => {
      adoptAnswer(readCalendarProvider, { id: made.id }, made)
      saySaved('Created', `Rooms can now be kept in step by ${made.name}.`)
      void navigate({ to: '/console/calendar-providers/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New calendar provider"
      kind="Calendar provider"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role rsvsync_admin'}
      fields={<CalendarProviderFields form={form} defaultMode={defaultMode} alias={null} readOnly={!mayMake} />}
    />
  )
}

type ProviderFormProps = { provider: CalendarProvider; defaultMode: SyncMode; reload: () => Promise<unknown> }

function ProviderForm({ provider, defaultMode, reload }: ProviderFormProps) {
  const { id, name, active, activeRoomCount, overrideAlias } = provider
  const mayChange = useHasRole('rsvsync_admin')
  const navigate = useNavigate()
  const form = useRecordForm<CalendarProviderValues, CalendarProvider>({
    initial: valuesOf(provider),
    version: provider.version,
    shape: updateCalendarProvider.body,
    save: ({ changed, values, version }) => {
      const body = shownIn(values.mode ?? defaultMode, changed)
      return call(updateCalendarProvider, { params: { id }, body: { ...body, version: version ?? provider.version } })
    },
    onSaved: (saved) => {
      adoptAnswer(readCalendarProvider, { id }, saved)
      saySaved('Updated', `${saved.name} is saved. Its rooms follow.`)
    },
    reload,
  })
  const alias = overrideAlias && { value: overrideAlias.id, label: overrideAlias.name }
  return (
    <RecordFrame
      name={name}
      kind="Calendar provider · Microsoft Graph"
      status={<ActiveBadge active={active} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role rsvsync_admin'}
      deletion={{
        consequence:
          activeRoomCount > 0
            ? `${activeRoomCount} active rooms use it and must be given another provider first.`
            : 'Rooms that still use it must be given another provider first.',
        run: () => call(deleteCalendarProvider, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone.`)
          void navigate({ to: '/console/calendar-providers' }).then(() => forgetRecord(readCalendarProvider, { id }))
        },
      }}
      fields={<CalendarProviderFields form={form} defaultMode={defaultMode} alias={alias} readOnly={!mayChange} />}
    >
      <ProviderActing provider={provider} />
      <ProviderRooms provider={provider} />
    </RecordFrame>
  )
}

/** A field that the mode does not show is not sent: in normal mode a delegated user would be refused. */
function shownIn<V extends Partial<CalendarProviderValues>>(mode: SyncMode, values: V) {
  const { delegatedUserEmail, ...rest } = values
  return mode === 'normal' || delegatedUserEmail === undefined ? rest : { ...rest, delegatedUserEmail }
}
