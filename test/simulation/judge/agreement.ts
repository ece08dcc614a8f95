import type { EventItem } from '../../../emulator/model.ts'
import { users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'
import { type BothSides, isReadable, isThere, readBothSides } from './both-sides.ts'

/** I3: what is shown here and is not so in Outlook; null when both sides agree. What is over is of no interest any more. */
export async function findDisagreement(world: World): Promise<{ invariant: string; says: string } | null> {
  const now = world.scheduler.now()
  const all = await readBothSides(world)
  for (const sides of all) {
    if (sides.row.ends_at <= now || isSucceeded(sides, all)) continue
    const wrong = wrongState(sides) ?? wrongContent(world, sides)
    if (wrong !== null) return { invariant: 'I3', says: `${wrong}: ${say(sides)}` }
  }
  return findUnknown(world)
}

/** It ended, and the room was given the meeting again: that is another reservation. */
function isSucceeded({ row, iCalUId, room }: BothSides, all: readonly BothSides[]): boolean {
  if (row.state !== 'cancelled') return false
  return all.some(
    (other) =>
      other.row.id !== row.id &&
      other.iCalUId === iCalUId &&
      other.room === room &&
      other.row.created_at > row.created_at,
  )
}

/** A meeting that a room of ours has, and nobody here knows of. */
async function findUnknown(world: World): Promise<{ invariant: string; says: string } | null> {
  const all = await readBothSides(world)
  const known = new Set(
    all.filter(({ row }) => !forgotten.includes(row.state)).map(({ room, iCalUId }) => `${room.id} ${iCalUId}`),
  )
  const now = world.scheduler.now().toISOString()
  for (const room of world.plan.rooms) {
    const copies = world.outside.judge
      .items(room.email)
      .filter((item) => isThere(item) && item.endsAt > now && holds(item))
    const held = all.filter(({ row }) => row.room_id === room.id && holding.includes(row.state))
    const stray = copies.find((copy) => !known.has(`${room.id} ${copy.iCalUId}`) && !isLeftToRoom(copy, held))
    if (stray)
      return {
        invariant: 'I3',
        says: `nobody knows “${stray.subject}” of ${stray.organizer.name}, ${stray.startsAt}, ${stray.responseStatus.response} by ${room.name} (${room.profile.name})`,
      }
  }
  return null
}

const holding: readonly string[] = ['awaiting_confirmation', 'awaiting_approval', 'confirmed']

/** Another meeting has the room then, so it is for the room to say no; one that never says anything does not. */
function isLeftToRoom({ responseStatus, startsAt, endsAt }: EventItem, held: readonly BothSides[]): boolean {
  if (responseStatus.response !== 'notResponded') return false
  return held.some(({ row }) => row.starts_at.toISOString() < endsAt && startsAt < row.ends_at.toISOString())
}

const forgotten: readonly string[] = ['draft', 'failed', 'cancelled', 'declined']

/** What a room has said no to, or shows as free while it is asked about, holds nothing. */
function holds({ responseStatus, showAs }: EventItem): boolean {
  if (responseStatus.response === 'declined') return false
  return responseStatus.response === 'accepted' || showAs !== 'free'
}

/** What the state promises about Outlook, and is not so there. */
function wrongState(sides: BothSides): string | null {
  const { row, original, copy } = sides
  if (row.sync_mailbox === null && row.source !== 'outlook') return null
  // Made and shown, and on purpose never sent.
  if (row.sync_state === 'not_sent') return null
  switch (row.state) {
    case 'draft':
      return original === null ? null : 'a draft has an event'
    case 'failed':
      return original === null || row.in_calendar ? null : 'what failed has an event'
    case 'cancelled':
      return hasRoom(sides) && row.sync_state !== 'failed'
        ? 'it is cancelled here, and the meeting still has the room'
        : null
    case 'declined':
      return copy !== null && answerOf(sides) !== 'declined'
        ? 'it is declined here, and on the calendar of the room'
        : null
    case 'rejected':
    case 'expired':
      return copy !== null && row.sync_state !== 'failed'
        ? `it is ${row.state} here, and on the calendar of the room`
        : null
    case 'confirmed':
      return answerOf(sides) === 'accepted' ? null : `it is confirmed here, and the room says ${answerOf(sides)}`
    case 'awaiting_approval':
      return isAwaitingApproval(sides) ? null : `it awaits approval here, and the room says ${answerOf(sides)}`
    case 'awaiting_confirmation':
      return mayBeSilent(sides) ? null : `it awaits confirmation here, and the room says ${answerOf(sides)}`
    case 'conflicted':
      return original === null ? 'it is in conflict here, and gone in Outlook' : null
  }
}

function hasRoom({ original, copy, room }: BothSides): boolean {
  const invited = original?.attendees.some(({ emailAddress }) => emailAddress.address.toLowerCase() === room.email)
  return invited === true && copy !== null
}

function isAwaitingApproval(sides: BothSides): boolean {
  const answer = answerOf(sides)
  return answer === 'tentativelyAccepted' || (answer === 'accepted' && sides.row.approval === 'awaiting_approval')
}

function mayBeSilent(sides: BothSides): boolean {
  return answerOf(sides) === 'notResponded' && sides.room.profile.policy.automateProcessing === 'AutoUpdate'
}

/** What the room says: in its own copy, or `gone` when it has none. */
function answerOf({ original, copy }: BothSides): string {
  return original === null || copy === null ? 'gone' : copy.responseStatus.response
}

const ended: readonly string[] = ['draft', 'failed', 'cancelled', 'declined', 'rejected', 'expired']

function wrongContent(world: World, sides: BothSides): string | null {
  const { row, original } = sides
  if (original === null || ended.includes(row.state) || row.sync_state === 'not_sent') return null
  if (row.starts_at.toISOString() !== original.startsAt || row.ends_at.toISOString() !== original.endsAt)
    return `the time differs, it is ${original.startsAt} to ${original.endsAt} in Outlook`
  if (!isReadable(world, sides)) return wrongSubjectOfRoom(sides)
  if (row.subject !== original.subject && !isUnnamed(world, sides))
    return `the subject differs, it is “${original.subject}” in Outlook`
  if (row.is_private !== (original.sensitivity === 'private'))
    return `the privacy differs, it is ${original.sensitivity} in Outlook`
  if (isUntold(world, sides)) return null
  const there = guestsOf(sides)
  const host = hostOf(row.requested_for_id)
  const here = sides.invitees.filter((email) => email !== original.organizer.address.toLowerCase() && email !== host)
  return there.join() === here.join() ? null : `the invitees differ, they are ${there.join(', ')} in Outlook`
}

/** Nobody may read the organizer's event; a room that keeps subjects tells all the same. */
function wrongSubjectOfRoom({ row, copy, room }: BothSides): string | null {
  const keeps = room.profile.policy.deleteSubject === false && room.profile.policy.addOrganizerToSubject === false
  if (!keeps || copy === null || copy.responseStatus.response === 'notResponded') return null
  return row.subject === copy.subject ? null : `the subject differs, the room shows “${copy.subject}”`
}

/** It was found while nobody had permission to read more than the room's copy, and is called after its organizer until it changes. */
function isUnnamed({ plan }: World, { row, original }: BothSides): boolean {
  const lacked =
    plan.troubles.has('delegated permission withdrawn') || plan.troubles.has('application permission withdrawn')
  return lacked && row.subject === `Meeting of ${original?.organizer.name}`
}

/** A change of guests alone is mailed to those guests and to nobody else: the room's calendar does not show that anything happened. */
function isUntold(world: World, { original, copy }: BothSides): boolean {
  if (original === null || copy === null) return true
  return Date.parse(copy.modifiedAt) < world.intentions.guestsChangedMs(original.iCalUId)
}

function guestsOf({ original, row, room }: BothSides): string[] {
  const host = hostOf(row.requested_for_id)
  return (original?.attendees ?? [])
    .filter(({ type }) => type !== 'resource')
    .map(({ emailAddress }) => emailAddress.address.toLowerCase())
    .filter((email) => email !== room.email && email !== host && email !== original?.organizer.address.toLowerCase())
    .sort()
}

function hostOf(userId: string | null): string | null {
  return userId === null ? null : (users.get(userId)?.email ?? null)
}

function say({ row, room, original, copy, invitees }: BothSides): string {
  const here = `${row.state} ${row.starts_at.toISOString()} to ${row.ends_at.toISOString()} “${row.subject}” [${invitees.join(', ')}]`
  const there = original === null ? 'no event' : `${original.startsAt} to ${original.endsAt} “${original.subject}”`
  const inRoom = copy === null ? 'no copy' : `${copy.startsAt} “${copy.subject}” ${copy.responseStatus.response}`
  return `reservation ${row.id} (${row.source}, ${row.sync_mailbox}, ${row.sync_state}) in ${room.name} (${room.profile.name}): here ${here}; organizer ${there}; room ${inRoom}`
}
