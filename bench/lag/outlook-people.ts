import { setTimeout as wait } from 'node:timers/promises'
import { outlookOf } from '../../test/support/outlook.ts'
import { registerOutlook } from '../stage/outlook-app.ts'
import type { Stage } from '../stage/stage.ts'

/** A meeting that somebody made in Outlook, and when Outlook said so; then where it was moved, and when. */
export type OutlookMeeting = { subject: string; madeAt: number; moved: { startsAt: string; at: number } | null }

export type OutlookLoad = {
  upns: readonly string[]
  /** Addresses of rooms. */
  rooms: readonly string[]
  perSecond: number
  seconds: number
  /** Numbers the meetings, so that those of a second run have other hours. */
  first?: number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A meeting is moved when it has been there for a while. */
const moveAfterMs = 6_000

/** People who make meetings in Outlook at a steady pace and move every second of them, whatever becomes of those before (open loop). */
export async function workInOutlook({ tenant }: Stage, load: OutlookLoad): Promise<OutlookMeeting[]> {
  const token = await registerOutlook(tenant)
  const { first = 0 } = load
  const startedAt = performance.now()
  const meetings: Promise<OutlookMeeting>[] = []
  for (let n = 0; n < load.perSecond * load.seconds; n++) {
    await wait(Math.max(0, startedAt + (n * 1_000) / load.perSecond - performance.now()))
    const mailbox = load.upns[n % load.upns.length] ?? ''
    const outlook = outlookOf({ origin: tenant.origin, mailbox, bearer: async () => token })
    const meeting = makeAndMove(outlook, first + n, load.rooms)
    meeting.catch(() => undefined) // thrown below
    meetings.push(meeting)
  }
  return Promise.all(meetings)
}

async function makeAndMove(
  outlook: ReturnType<typeof outlookOf>,
  n: number,
  rooms: readonly string[],
): Promise<OutlookMeeting> {
  const subject = `Lag ${n}`
  const { id } = await outlook.meet({ subject, room: rooms[n % rooms.length] ?? '', ...hoursOf(n, rooms.length, 0) })
  const madeAt = Date.now()
  if (n % 2 === 1) return { subject, madeAt, moved: null }
  await wait(moveAfterMs)
  const span = hoursOf(n, rooms.length, hourMs / 2)
  await outlook.move(id, span)
  return { subject, madeAt, moved: { startsAt: span.startsAt, at: Date.now() } }
}

/** The first or the second half of an hour that is its own. */
function hoursOf(n: number, rooms: number, laterMs: number) {
  const slot = Math.floor(n / rooms)
  const firstDay = (Math.floor(Date.now() / dayMs) + 2) * dayMs
  const startsAt = firstDay + Math.floor(slot / 8) * dayMs + (8 + (slot % 8)) * hourMs + laterMs
  const at = (ms: number) => new Date(ms).toISOString()
  return { startsAt: at(startsAt), endsAt: at(startsAt + hourMs / 2) }
}
