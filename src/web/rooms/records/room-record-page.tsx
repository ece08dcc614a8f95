import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { createRoom, type RoomRecord, readRoomRecord, updateRoom } from '#rooms/room-record.contract.ts'
import { ActiveBadge } from '../../connections/active-badge.tsx'
import { LinkButton } from '../../design/links.tsx'
import { adoptAnswer } from '../../shell/adopt-answer.ts'
import { call } from '../../shell/api.ts'
import { asking, useHasRole } from '../../shell/queries.ts'
import { useRecordForm } from '../../shell/record-form.ts'
import { RecordFrame } from '../../shell/record-frame.tsx'
import { RecordGate } from '../../shell/record-gate.tsx'
import { saySaved } from '../../shell/saved.ts'
import { RoomFields, type RoomValues, valuesOf } from './room-fields.tsx'

/** One room, as those see it who look after rooms. */
export function RoomRecordPage() {
  const { id } = useParams({ from: '/signed-in/console/rooms/$id' })
  return id === 'new' ? <NewRoom /> : <KnownRoom id={id} />
}

function KnownRoom({ id }: { id: string }) {
  const answer = useQuery(asking(readRoomRecord, { params: { id } }))
  return (
    <RecordGate answer={answer} what="room">
      {(room) => <RoomForm key={room.id} room={room} reload={answer.refetch} />}
    </RecordGate>
  )
}

const nothing: RoomValues = {
  name: '',
  mailbox: '',
  buildingId: null,
  floor: null,
  capacity: null,
  equipment: [],
  needsApproval: false,
  ownApproval: false,
  active: true,
}

function NewRoom() {
  const mayMake = useHasRole('rsvsync_admin')
  const navigate = useNavigate()
  const form = useRecordForm<RoomValues, RoomRecord>({
    initial: nothing,
    version: null,
    shape: createRoom.body,
    save: ({ values: { buildingId, capacity, ...values } }) =>
      call(createRoom, { body: { ...values, buildingId: buildingId ?? '', capacity: capacity ?? 0 } }),
    onSaved: (made) => {
      adoptAnswer(readRoomRecord, { id: made.id }, made)
      saySaved('Created', `${made.name} can be found and reserved.`)
      void navigate({ to: '/console/rooms/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New room"
      kind="Room"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Adding one needs the role rsvsync_admin'}
      fields={<RoomFields form={form} building={null} readOnly={!mayMake} />}
    />
  )
}

function RoomForm({ room, reload }: { room: RoomRecord; reload: () => Promise<unknown> }) {
  const { id, name, building, active } = room
  const mayChange = useHasRole('rsvsync_admin')
  const form = useRecordForm<RoomValues, RoomRecord>({
    initial: valuesOf(room),
    version: room.version,
    shape: updateRoom.body,
    save: ({ changed: { buildingId, capacity, ...changed }, version }) => {
      const body = {
        ...changed,
        ...(buildingId ? { buildingId } : {}),
        ...(capacity === undefined || capacity === null ? {} : { capacity }),
        version: version ?? room.version,
      }
      return call(updateRoom, { params: { id }, body })
    },
    onSaved: (saved) => {
      adoptAnswer(readRoomRecord, { id }, saved)
      saySaved('Updated', `${saved.name} is saved.`)
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`Room · ${building.name}`}
      status={<ActiveBadge active={active} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role rsvsync_admin'}
      actions={
        <LinkButton to="/console/sync-configurations" search={{ q: room.mailbox }} variant="default">
          Sync configuration
        </LinkButton>
      }
      fields={<RoomFields form={form} building={{ value: building.id, label: building.name }} readOnly={!mayChange} />}
    />
  )
}
