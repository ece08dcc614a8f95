import { Button } from '@mantine/core'
import { IconDoorOff } from '@tabler/icons-react'
import { EmptyState } from '../design/states.tsx'
import { RoomChoice } from './room-choice.tsx'
import type { FreeTime, RoomDay } from './room-order.ts'
import { spanText } from './wall-time.ts'
import type { Span, Wish } from './wish.ts'

type NoRoomProps = {
  wish: Wish
  /** Rooms that become free close to the wished time; empty when no room fits at all. */
  nearest: readonly FreeTime[]
  onBook: (day: RoomDay, span: Span) => void
  onChange: (wish: Wish) => void
}

/** No room is free, or none fits: the nearest times, and the wishes that could be dropped. */
export function NoFreeRoom({ wish, nearest, onBook, onChange }: NoRoomProps) {
  const fits = nearest.length > 0
  return (
    <EmptyState
      icon={<IconDoorOff size={28} stroke={1.5} aria-hidden="true" />}
      title={fits ? 'No room is free then' : 'No room fits'}
      text={fits ? 'These become free closest to the time you want.' : 'Ask for less and there may be one.'}
      action={
        <>
          {nearest.map(({ day, span }) => (
            <RoomChoice key={day.room.id} onChoose={() => onBook(day, span)}>
              {`${placeOf(day, wish)}, ${spanText(span.from, span.to, day.room.building.timeZone)}`}
            </RoomChoice>
          ))}
          <LooserWishes wish={wish} onChange={onChange} />
        </>
      }
    />
  )
}

/** Times are on the clock of the building, so it is named wherever there may be several. */
function placeOf({ room }: RoomDay, wish: Wish): string {
  return wish.building === 'any' ? `${room.name} in ${room.building.city}` : room.name
}

function LooserWishes({ wish, onChange }: { wish: Wish; onChange: (wish: Wish) => void }) {
  return (
    <>
      {wish.people > 1 ? (
        <Button variant="subtle" onClick={() => onChange({ ...wish, people: 1 })}>
          Any number of people
        </Button>
      ) : null}
      {wish.building === 'any' ? null : (
        <Button variant="subtle" onClick={() => onChange({ ...wish, building: 'any' })}>
          Any building
        </Button>
      )}
      {wish.equipment.length > 0 ? (
        <Button variant="subtle" onClick={() => onChange({ ...wish, equipment: [] })}>
          Any equipment
        </Button>
      ) : null}
    </>
  )
}
