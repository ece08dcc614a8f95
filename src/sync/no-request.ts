import type { GraphEvent } from '#graph/event.ts'
import { readAgreement } from './agreed.ts'
import { changesTo } from './changes-to.ts'
import type { SyncDeps } from './deps.ts'
import { eventDraft } from './event-draft.ts'
import type { LinkRow } from './link-queries.ts'
import { inMeetingZone } from './meeting-zone.ts'
import { type Organizer, readLinked } from './organizer.ts'
import { type Going, recordNotSent } from './record.ts'

/**
 * *No request*: what would be sent is worked out in full, against what is in Outlook at this moment, shown, and not sent. Reading is not
 * writing, so the difference is the true one.
 */
export async function showRequest(
  deps: SyncDeps,
  { going, organizer, link }: { going: Going; organizer: Organizer; link: LinkRow },
): Promise<void> {
  const { whole } = going
  const isThere = link.event_id !== null || link.born_outside
  const read = isThere ? await readLinked(organizer, link) : null
  const event = read?.is === 'ok' ? read.value : null
  const isCancel = whole.row.state === 'cancelled'
  const wanted = await inMeetingZone(deps, whole)
  const payload = isCancel
    ? cancellation(whole.row.state_reason)
    : event
      ? changesTo(event, wanted, readAgreement(link.digest))
      : eventDraft(wanted)
  await recordNotSent(deps, going, {
    payload: { ...payload },
    response: read?.is === 'problem' ? { status: read.status, code: read.code } : null,
    difference: isCancel ? { event: { now: event && shown(event), next: null } } : differenceOf(event, payload),
  })
}

function cancellation(reason: string | null): { comment: string } {
  return { comment: reason ?? '' }
}

/** Field by field, what Outlook has now and what it would have then. */
function differenceOf(event: GraphEvent | null, payload: object): Record<string, unknown> {
  const now: Record<string, unknown> = event ? shown(event) : {}
  return Object.fromEntries(
    Object.entries(payload)
      .filter(([name]) => name !== 'transactionId' && name !== 'singleValueExtendedProperties')
      .map(([name, next]) => [name, { now: now[name] ?? null, next }]),
  )
}

function shown({ subject, start, end, body, attendees, sensitivity }: GraphEvent) {
  const people = attendees.map(({ emailAddress, type }) => ({ emailAddress, type }))
  return { subject, start, end, body, attendees: people, sensitivity }
}
