import type { GraphEvent } from '#graph/event.ts'
import type { Lease } from '#jobs/lease.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { readAgreement } from './agreed.ts'
import { changesTo } from './changes-to.ts'
import type { SyncDeps } from './deps.ts'
import { isPartOf } from './event-draft.ts'
import { onlyCopyCode } from './failure.ts'
import type { LinkRow } from './link-queries.ts'
import { findMeeting, type Meeting } from './meeting.ts'
import { inMeetingZone } from './meeting-zone.ts'
import { readLinked } from './organizer.ts'
import { organizerView } from './organizer-view.ts'
import { reconcile } from './reconcile.ts'
import { changeEvent, makeEvent, notWritten, removeEvent, type Write, type Written } from './write-event.ts'

/** What came of it, and the reservation as it is now: Outlook may have had its say first. */
export type Brought = { is: 'brought'; written: Written; whole: WholeReservation } | { is: 'overruled' }

type Bring = Write & { lease: Lease; link: LinkRow }

/** Brings the organizer's event to the reservation's present state, however often it is called. */
export async function bringEvent(deps: SyncDeps, bring: Bring): Promise<Brought> {
  const { whole, link } = bring
  if (whole.row.state === 'cancelled') return { is: 'brought', written: await removeEvent(bring), whole }
  const isThere = link.event_id !== null || link.born_outside
  if (isThere) return bringChanges(deps, bring)
  return { is: 'brought', written: await makeEvent({ ...bring, whole: await inMeetingZone(deps, whole) }), whole }
}

const readsMax = 4

/** Exchange lets an attendee change a copy, which changes nobody else's meeting: it would look done, and would not be. */
const onlyCopy = { is: 'problem' as const, status: 409, code: onlyCopyCode, message: '', retryAfterMs: null }

/**
 * Reads the event, lets the planner settle what was changed there meanwhile, and writes what is left of ours under the etag that was
 * read. Somebody who is faster makes us read again.
 */
async function bringChanges(deps: SyncDeps, bring: Bring): Promise<Brought> {
  const { organizer } = bring
  let meeting: Meeting = { whole: bring.whole, link: bring.link }
  for (let reads = 0; reads < readsMax; reads++) {
    const { whole, link } = meeting
    const read = await readLinked(organizer, link)
    if (read.is === 'problem') return { is: 'brought', written: notWritten(read), whole }
    const event = read.value
    const isGone = event === null || event.isCancelled
    if (isGone) return { is: 'brought', written: { is: 'deleted_outside', requestId: read.requestId }, whole }
    if (!event.isOrganizer)
      return { is: 'brought', written: notWritten({ ...onlyCopy, requestId: read.requestId }), whole }
    const settled = await settle(deps, bring, { meeting, event, requestId: read.requestId })
    if (settled === null) return { is: 'overruled' }
    meeting = settled
    const wanted = await inMeetingZone(deps, meeting.whole)
    const changes = changesTo(event, wanted, readAgreement(meeting.link.digest))
    const written = await changeEvent(organizer, { event, changes })
    if (written !== null) return { is: 'brought', written, whole: meeting.whole }
  }
  const problem = { is: 'problem' as const, status: 503, code: 'changed_all_the_time', message: '', retryAfterMs: null }
  return { is: 'brought', written: notWritten({ ...problem, requestId: null }), whole: meeting.whole }
}

/** @returns the meeting after Outlook had its say; null when nothing of ours is left to write. */
async function settle(
  deps: SyncDeps,
  { organizer, lease }: Bring,
  { meeting, event, requestId }: { meeting: Meeting; event: GraphEvent; requestId: string | null },
): Promise<Meeting | null> {
  const { whole } = meeting
  const organizerSeen = organizerView(event, whole.room.mailbox, (address) => isPartOf(whole, address))
  const { plan } = await reconcile(deps, {
    meeting,
    seen: { organizer: organizerSeen, room: null },
    facts: { now: deps.seams.now(), roomIsHeld: false, isElsewhere: false, mayBeOurs: false, copyMayBeOld: false },
    lease,
    identity: organizer.acting.identity,
    requestId,
    roomEvent: null,
    asker: organizer.acting,
  })
  const after = await findMeeting(deps.db, whole.row.id)
  if (plan.do === 'end' || after === null) return null
  return after
}
