import os from 'node:os'
import { listRooms } from '#rooms/contract.ts'
import { chooseMode } from '../test/support/choose-mode.ts'
import type { Person } from '../test/support/person.ts'
import { until } from '../test/support/until.ts'
import { untilRoomsAreWatched } from '../test/support/watched-rooms.ts'
import { type Figure, figure, percentile } from './figure.ts'
import { type LiveReader, openLiveReader, type Sight } from './lag/live-reader.ts'
import { notifiedAt } from './lag/notified.ts'
import { type OutlookMeeting, workInOutlook } from './lag/outlook-people.ts'
import { bookOne, placeOf } from './push/booking.ts'
import { plantRooms, signInPeople } from './stage/crowd.ts'
import { openStage, type Stage } from './stage/stage.ts'

/*
 * Inbound: how old what a person sees is. Meetings are made and moved in Outlook while their organizers have Anteroom's pages open; a page
 * hears of a change by its live update and reads it over the API, and only then it counts as visible. Clocks start when the notification was
 * received. The tenant takes 150 ms for every answer, and rooms 0.7 s.
 */
const serviceTimeMs = 150
const reference = 'the reference: two jobs, each every minute, by simulation'

export async function measure(): Promise<Figure[]> {
  const stage = await openStage()
  try {
    await stage.tenant.turn({ serviceTimeMs })
    const roomIds = await plantRooms(stage, 20)
    const people = await signInPeople(stage, 8)
    await chooseMode(stage.admin, 'normal')
    await stage.startWorker()
    await untilRoomsAreWatched(stage.db, roomIds)
    const pages = await Promise.all(people.map(openLiveReader))
    const inbound = await fromOutlook(stage, { people, pages, roomIds })
    const declines = await declined(stage, { people, pages, roomIds })
    for (const page of pages) page.close()
    return [...inbound, ...declines]
  } finally {
    await stage.close()
  }
}

type Audience = { people: Person[]; pages: LiveReader[]; roomIds: string[] }

async function fromOutlook(stage: Stage, { people, pages, roomIds }: Audience): Promise<Figure[]> {
  const { rooms } = await stage.admin.call(listRooms)
  const addresses = rooms.filter(({ id }) => roomIds.includes(id)).map(({ mailbox }) => mailbox)
  const upns = people.map(({ upn }) => upn)
  const meetings = await workInOutlook(stage, { upns, rooms: addresses, perSecond: 2, seconds: 30 })
  const seen = () => pages.flatMap(({ sights }) => sights)
  await until(() => meetings.every((meeting) => isShown(meeting, seen())), {
    what: 'every meeting is shown as it is in Outlook',
    timeoutMs: 120_000,
  })
  const told = await notifiedAt(stage)
  const lags = meetings.map((meeting) => lagsOf(meeting, { sights: seen(), told: told.get(meeting.subject) ?? [] }))
  return inboundFigures(
    lags.map(({ made }) => made),
    lags.map(({ confirmed }) => confirmed),
    lags.flatMap(({ moved }) => moved ?? []),
  )
}

function isShown({ subject, moved }: OutlookMeeting, sights: readonly Sight[]): boolean {
  const own = sights.filter((sight) => sight.subject === subject && sight.state === 'confirmed')
  return own.some(({ startsAt }) => moved === null || startsAt === moved.startsAt)
}

type Evidence = { sights: readonly Sight[]; told: readonly number[] }

/** In seconds, from the first notification of what happened until a page shows it. */
function lagsOf({ subject, moved }: OutlookMeeting, { sights, told }: Evidence) {
  const first = (fits: (sight: Sight) => boolean) =>
    Math.min(...sights.filter((sight) => sight.subject === subject && fits(sight)).map(({ at }) => at))
  const madeTold = told[0] ?? Number.NaN
  const movedTold = told.find((at) => moved !== null && at >= moved.at - moveAnswerMs) ?? Number.NaN
  return {
    made: (first(() => true) - madeTold) / 1_000,
    confirmed: (first(({ state }) => state === 'confirmed') - madeTold) / 1_000,
    moved: moved && (first(({ startsAt }) => startsAt === moved.startsAt) - movedTold) / 1_000,
  }
}

/** A notification may overtake the answer to the move that it is about. */
const moveAnswerMs = 300

function inboundFigures(made: number[], confirmed: number[], moved: number[]): Figure[] {
  const load = `load ${os.loadavg()[0]?.toFixed(1)} on ${os.availableParallelism()} cores`
  const limit = (what: string, value: number, peerValue: number, goalS: number) =>
    figure({
      what,
      unit: 's',
      value,
      peer: reference,
      peerValue,
      goal: `at most ${goalS} s (${load})`,
      holds: (seconds) => seconds <= goalS,
    })
  return [
    limit('made in Outlook: notification until visible, median', percentile(made, 50), 60, 1),
    limit('made in Outlook: notification until visible, 95 %', percentile(made, 95), 101, 5),
    limit('made in Outlook: notification until visible, slowest', Math.max(...made), 120, 15),
    limit('and confirmed, which the room takes 0.7 s for, 95 %', percentile(confirmed, 95), 101, 5),
    limit('moved in Outlook: notification until visible, median', percentile(moved, 50), 60, 1),
    limit('moved in Outlook: notification until visible, 95 %', percentile(moved, 95), 101, 5),
  ]
}

/** Reserved here, and the room says no: it takes nothing so far ahead. */
async function declined(stage: Stage, { people, pages, roomIds }: Audience): Promise<Figure[]> {
  const closed = roomIds.slice(0, 10)
  for (const name of closed.keys()) {
    await stage.tenant.control('PUT', `/rooms/bench-${name + 1}@contoso.example/policy`, { bookingWindowInDays: 1 })
  }
  const bookings = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const person = people[n % people.length]
      if (person === undefined) throw new Error('nobody books')
      return bookOne(person, { ...placeOf(200 + n, closed), subject: `Declined ${n}` })
    }),
  )
  const shown = (id: string) =>
    pages.flatMap(({ sights }) => sights).find((sight) => sight.id === id && sight.state === 'declined')
  await until(() => bookings.every(({ reservationId }) => shown(reservationId)?.reason), {
    what: 'every decline is shown with its reason',
    timeoutMs: 120_000,
  })
  const lags = bookings.map(
    ({ reservationId, acknowledgedAt }) => ((shown(reservationId)?.at ?? Number.NaN) - acknowledgedAt) / 1_000,
  )
  return [
    figure({
      what: 'declined by the room: from the booking until the reason is visible, 95 %',
      unit: 's',
      value: percentile(lags, 95),
      peer: 'the reference, on average: a threshold of five hours and a job every five',
      peerValue: 27_000,
      goal: 'at most 15 s',
      holds: (seconds) => seconds <= 15,
    }),
  ]
}
