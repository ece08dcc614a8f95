import { Stack } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { availability, listReservations } from '#reservations/contract.ts'
import { type Building, listBuildings, listRooms } from '#rooms/contract.ts'
import { browser } from '../browser.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { useNow } from '../design/when.tsx'
import { DayTimeline } from '../rooms/day-timeline.tsx'
import { NoFreeRoom } from '../rooms/no-free-room.tsx'
import { byBuilding, nearestFreeTimes } from '../rooms/room-order.ts'
import { useWish } from '../rooms/use-wish.ts'
import { dateOf } from '../rooms/wall-time.ts'
import { type Span, type Wish, wishedSpan } from '../rooms/wish.ts'
import { WishForm } from '../rooms/wish-form.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { RecentReservations } from './recent-reservations.tsx'
import { ReservationLink } from './reservation-link.tsx'
import { isOpen } from './reservation-state.ts'
import { ReserveSheet } from './reserve-sheet.tsx'
import { useReserveSheet } from './use-reserve-sheet.ts'

/** Others reserve too; between live updates of one's own the timeline is asked for again this often. */
const refreshEveryMs = 30_000

/** Find a room and reserve it without leaving the page. */
export function FindRoomPage() {
  const buildings = useQuery({ ...asking(listBuildings), staleTime: 300_000 })
  return (
    <Page title="Find a room" width="wide">
      <PageHeader title="Find a room" size="large" />
      {buildings.error ? (
        <ErrorState problem={asProblem(buildings.error)} onRetry={() => void buildings.refetch()} />
      ) : null}
      {buildings.isPending ? <Loading rows={12} what="buildings and rooms" /> : null}
      {buildings.data ? <Finder buildings={buildings.data.buildings} /> : null}
    </Page>
  )
}

function Finder({ buildings }: { buildings: readonly Building[] }) {
  const readerZone = browser.timeZone()
  const now = Temporal.Instant.fromEpochMilliseconds(useNow().getTime())
  const { wish, zone, setWish } = useWish(buildings, now, readerZone)
  const wished = wishedSpan(wish, zone)
  const buildingId = wish.building === 'any' ? undefined : wish.building
  const rooms = useQuery({ ...asking(listRooms, { query: { buildingId } }), staleTime: 300_000 })
  const today = dateOf(now, zone)
  return (
    <Stack gap="lg">
      <WishForm
        wish={wish}
        buildings={buildings}
        equipment={[...new Set(rooms.data?.rooms.flatMap((room) => room.equipment) ?? [])]}
        today={today}
        onChange={setWish}
        problem={wished === null ? 'Choose an end after the start.' : null}
      />
      {wished === null ? null : (
        <Rooms wish={wish} wished={wished} today={today} now={now} readerZone={readerZone} onWish={setWish} />
      )}
    </Stack>
  )
}

type RoomsProps = {
  wish: Wish
  wished: Span
  today: string
  now: Temporal.Instant
  readerZone: string
  onWish: (wish: Wish) => void
}

function Rooms({ wish, wished, today, now, readerZone, onWish }: RoomsProps) {
  const { data, error, refetch } = useQuery({
    ...asking(availability, { query: availabilityQuery(wish, wished) }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })
  const mine = useQuery(asking(listReservations, { query: { when: 'upcoming', pageSize: 100 } }))
  const sheet = useReserveSheet()
  const mineIn = (roomId: string) =>
    mine.data?.rows
      .filter((reservation) => reservation.room.id === roomId && isOpen(reservation))
      .filter((reservation) => dateOf(Temporal.Instant.from(reservation.startsAt), reservation.timeZone) === wish.date)
      .map((reservation) => <ReservationLink key={reservation.id} reservation={reservation} />)
  const anyFree = data?.rooms.some((day) => day.free) ?? false
  return (
    <Stack gap="lg">
      <RecentReservations ids={sheet.props?.opened ? [] : sheet.recent} onDismiss={sheet.forget} />
      {error && !data ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={12} what="rooms" />}
      {data && !anyFree ? (
        <NoFreeRoom
          wish={wish}
          nearest={nearestFreeTimes(data.rooms, wished, now)}
          onBook={sheet.open}
          onChange={onWish}
        />
      ) : null}
      {byBuilding(data?.rooms ?? [], wished).map(({ building, rooms }) => (
        <DayTimeline
          key={building.id}
          building={building}
          rooms={rooms}
          wished={wished}
          now={now}
          readerZone={readerZone}
          mineIn={mineIn}
          onBook={sheet.open}
        />
      ))}
      {sheet.props ? <ReserveSheet {...sheet.props} readerZone={readerZone} today={today} /> : null}
    </Stack>
  )
}

function availabilityQuery(wish: Wish, wished: Span) {
  return {
    from: String(wished.from),
    to: String(wished.to),
    capacity: wish.people,
    buildingId: wish.building === 'any' ? undefined : wish.building,
    equipment: wish.equipment.length > 0 ? wish.equipment.join(',') : undefined,
  }
}
