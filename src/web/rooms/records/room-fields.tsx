import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listRooms } from '#rooms/contract.ts'
import { listBuildingRecords, type RoomRecord } from '#rooms/room-record.contract.ts'
import { NumberField, SwitchField, TagsField, TextField, WholeRow } from '../../design/fields.tsx'
import { asking } from '../../shell/queries.ts'
import type { RecordForm } from '../../shell/record-form.ts'
import { type Option, RecordPicker } from '../../shell/record-picker.tsx'

export type RoomValues = {
  name: string
  mailbox: string
  buildingId: string | null
  floor: number | null
  capacity: number | null
  equipment: string[]
  needsApproval: boolean
  ownApproval: boolean
  active: boolean
}

export function valuesOf(room: RoomRecord): RoomValues {
  const { name, mailbox, building, floor, capacity, equipment, needsApproval, ownApproval, active } = room
  return { name, mailbox, buildingId: building.id, floor, capacity, equipment, needsApproval, ownApproval, active }
}

type RoomFieldsProps = { form: RecordForm<RoomValues>; building: Option | null; readOnly: boolean }

/** The fields of a room. */
export function RoomFields({ form, building, readOnly }: RoomFieldsProps) {
  const { field } = form
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <TextField
        label="Mailbox"
        kind="email"
        required
        {...field('mailbox')}
        hint="The e-mail address of the room at Exchange. With another one its calendar is read anew."
        readOnly={readOnly}
      />
      <RecordPicker
        label="Building"
        required
        field={field('buildingId')}
        current={building}
        useOptions={useBuildingOptions}
        readOnly={readOnly}
      />
      <NumberField label="Floor" {...field('floor')} readOnly={readOnly} />
      <NumberField label="Capacity" unit="people" required {...field('capacity')} readOnly={readOnly} />
      <SwitchField
        label="Active"
        {...field('active')}
        hint="While it is inactive nobody finds or reserves it here."
        readOnly={readOnly}
      />
      <WholeRow>
        <TagsField
          label="Equipment"
          {...field('equipment')}
          known={useKnownEquipment()}
          hint="Enter each with Enter or a comma. People search for rooms by it."
          readOnly={readOnly}
        />
      </WholeRow>
      <SwitchField
        label="Approval in Outlook"
        {...field('needsApproval')}
        hint="People who look after the room’s mailbox decide on each reservation."
        readOnly={readOnly}
      />
      <SwitchField
        label="Own approval"
        {...field('ownApproval')}
        hint="An approver decides here as well. If both decide, both must agree."
        readOnly={readOnly}
      />
    </>
  )
}

function useBuildingOptions(q: string): readonly Option[] {
  const query = { ...(q === '' ? {} : { q }), pageSize: 50 }
  const { data } = useQuery({ ...asking(listBuildingRecords, { query }), placeholderData: keepPreviousData })
  return (data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

/** What other rooms have, so that one thing keeps one name. */
function useKnownEquipment(): readonly string[] {
  const rooms = useQuery(asking(listRooms)).data?.rooms ?? []
  return [...new Set(rooms.flatMap(({ equipment }) => equipment))].sort()
}
