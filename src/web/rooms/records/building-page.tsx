import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type BuildingRecord, createBuilding, readBuildingRecord, updateBuilding } from '#rooms/room-record.contract.ts'
import { ChoiceField, TextField } from '../../design/fields.tsx'
import { LinkButton } from '../../design/links.tsx'
import { adoptAnswer } from '../../shell/adopt-answer.ts'
import { call } from '../../shell/api.ts'
import { asking, useHasRole } from '../../shell/queries.ts'
import { type RecordForm, useRecordForm } from '../../shell/record-form.ts'
import { RecordFrame } from '../../shell/record-frame.tsx'
import { RecordGate } from '../../shell/record-gate.tsx'
import { saySaved } from '../../shell/saved.ts'

type BuildingValues = Pick<BuildingRecord, 'name' | 'city' | 'timeZone'>

/** One building. */
export function BuildingPage() {
  const { id } = useParams({ from: '/signed-in/console/buildings/$id' })
  return id === 'new' ? <NewBuilding /> : <KnownBuilding id={id} />
}

function KnownBuilding({ id }: { id: string }) {
  const answer = useQuery(asking(readBuildingRecord, { params: { id } }))
  return (
    <RecordGate answer={answer} what="building">
      {(building) => <BuildingForm key={building.id} building={building} reload={answer.refetch} />}
    </RecordGate>
  )
}

function NewBuilding() {
  const mayMake = useHasRole('rsvsync_admin')
  const navigate = useNavigate()
  const form = useRecordForm<BuildingValues, BuildingRecord>({
    initial: { name: '', city: '', timeZone: '' },
    version: null,
    shape: createBuilding.body,
    save: ({ values }) => call(createBuilding, { body: values }),
    onSaved: (made) => {
      adoptAnswer(readBuildingRecord, { id: made.id }, made)
      saySaved('Created', `Rooms can now be in ${made.name}.`)
      void navigate({ to: '/console/buildings/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New building"
      kind="Building"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Adding one needs the role rsvsync_admin'}
      fields={<BuildingFields form={form} readOnly={!mayMake} />}
    />
  )
}

function BuildingForm({ building, reload }: { building: BuildingRecord; reload: () => Promise<unknown> }) {
  const { id, name, city, timeZone, roomCount } = building
  const mayChange = useHasRole('rsvsync_admin')
  const form = useRecordForm<BuildingValues, BuildingRecord>({
    initial: { name, city, timeZone },
    version: building.version,
    shape: updateBuilding.body,
    save: ({ changed, version }) =>
      call(updateBuilding, { params: { id }, body: { ...changed, version: version ?? building.version } }),
    onSaved: (saved) => {
      adoptAnswer(readBuildingRecord, { id }, saved)
      saySaved('Updated', `${saved.name} is saved.`)
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`Building · ${roomCount === 1 ? '1 room' : `${roomCount} rooms`}`}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role rsvsync_admin'}
      actions={
        <LinkButton to="/console/rooms" search={{ buildingId: id }} variant="default">
          Its rooms
        </LinkButton>
      }
      fields={<BuildingFields form={form} readOnly={!mayChange} />}
    />
  )
}

function BuildingFields({ form, readOnly }: { form: RecordForm<BuildingValues>; readOnly: boolean }) {
  const { field } = form
  const timeZone = field('timeZone')
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <TextField label="City" required {...field('city')} readOnly={readOnly} />
      <ChoiceField
        label="Time zone"
        required
        searchable
        {...timeZone}
        value={timeZone.value === '' ? null : timeZone.value}
        onChange={(chosen) => timeZone.onChange(chosen ?? '')}
        options={zonesWith(timeZone.value)}
        hint="Its rooms are shown in this zone. Reservations keep their moments when it changes."
        readOnly={readOnly}
      />
    </>
  )
}

/** ECMA-402 section 9: the zones that this browser knows, and the one that is chosen, which another may know. */
function zonesWith(chosen: string): { value: string; label: string }[] {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), ...(chosen === '' ? [] : [chosen])])
  return [...zones].map((zone) => ({ value: zone, label: zone }))
}
