import type { EventChanges, Invitee } from '../../../emulator/exchange/event-changes.ts'
import {
  cancelEvent,
  createEvent,
  deleteEvent,
  respondToEvent,
  updateEvent,
} from '../../../emulator/exchange/mailbox.ts'
import type { EventItem } from '../../../emulator/model.ts'
import type { Random } from '../scheduler/random.ts'
import { delegate, people, stranger } from '../world/cast.ts'
import { timeText } from '../world/intentions.ts'
import type { RoomPlan } from '../world/plan.ts'
import type { World } from '../world/world.ts'
import type { Operation } from './operation.ts'
import { wishGuests, wishText, wishTime } from './wishes.ts'

/** What people do in Outlook, with meetings of their own and with those that Anteroom made for them. */
export const outlookOperations: readonly Operation[] = [
  { name: 'outlook: makes a meeting', weight: 8, run: makeMeeting },
  { name: 'outlook: moves', weight: 6, run: (world, dice) => edit(world, dice, moved) },
  { name: 'outlook: renames', weight: 4, run: (world, dice) => edit(world, dice, renamed) },
  { name: 'outlook: changes privacy', weight: 2, run: (world, dice) => edit(world, dice, turned) },
  { name: 'outlook: writes below the line', weight: 3, run: (world, dice) => edit(world, dice, written) },
  { name: 'outlook: invites somebody', weight: 3, run: (world, dice) => edit(world, dice, invited) },
  { name: 'outlook: takes somebody out', weight: 2, run: (world, dice) => edit(world, dice, uninvited) },
  { name: 'outlook: takes the room out', weight: 2, run: (world, dice) => edit(world, dice, withoutRoom) },
  { name: 'outlook: changes the room', weight: 2, run: (world, dice) => edit(world, dice, withOtherRoom) },
  { name: 'outlook: cancels', weight: 3, run: (world, dice) => end(world, dice, cancelEvent) },
  { name: 'outlook: deletes', weight: 2, run: (world, dice) => end(world, dice, deleteEvent) },
  { name: 'outlook: a delegate accepts', weight: 3, run: (world, dice) => answer(world, dice, 'accepted') },
  { name: 'outlook: a delegate declines', weight: 3, run: (world, dice) => answer(world, dice, 'declined') },
  { name: "outlook: a delegate deletes the room's copy", weight: 1, run: deleteCopy },
]

const organizers = [...people, ...people, stranger, delegate]

function makeMeeting(world: World, dice: Random): boolean {
  const { tenant } = world.outside
  const owner = tenant.findUser(dice.pick(organizers).email)
  if (!owner) return false
  const rooms = dice.chance(0.9) ? [dice.pick(world.plan.rooms)] : []
  const guests = wishGuests(dice).map(
    ({ email, displayName }): Invitee => ({ emailAddress: { address: email, name: displayName }, type: 'required' }),
  )
  const { startsAt, endsAt } = wishTime(world, dice)
  const { item } = createEvent(tenant, owner, {
    subject: wishText(world, 'made outside'),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    sensitivity: dice.chance(0.15) ? 'private' : 'normal',
    attendees: [...rooms.map(asResource), ...guests.filter(({ emailAddress }) => emailAddress.address !== owner.mail)],
  })
  noteIntentions(world, null, item)
  world.note(`${owner.displayName} makes ${item.subject}`)
  return true
}

type Edit = (world: World, dice: Random, item: EventItem) => EventChanges | null

/** Changes a meeting that is still to come, in its organizer's mailbox. An edit that says nothing is none. */
function edit(world: World, dice: Random, change: Edit): boolean {
  const item = someMeeting(world, dice)
  return item !== null && editMeeting(world, dice, { item, change })
}

/** Somebody changes this meeting, now, in some way that leaves it with its room. */
export function editSomehow(world: World, dice: Random, item: EventItem): boolean {
  return editMeeting(world, dice, { item, change: dice.pick([moved, renamed, written, written, invited, turned]) })
}

function editMeeting(world: World, dice: Random, { item, change }: { item: EventItem; change: Edit }): boolean {
  const changes = change(world, dice, item)
  if (!changes) return false
  noteIntentions(world, item, updateEvent(world.outside.tenant, item, changes))
  const keys = Object.keys(changes)
  world.intentions.touched(item.iCalUId, keys)
  if (keys.join() === 'attendees') world.intentions.changedGuests(item.iCalUId, world.scheduler.nowMs)
  world.note(`edits ${item.subject} in Outlook: ${JSON.stringify(changes)}`)
  return true
}

function noteIntentions(world: World, before: EventItem | null, after: EventItem): void {
  const meant = { side: 'outlook', atMs: world.scheduler.nowMs, isKnown: true } as const
  if (before?.subject !== after.subject)
    world.intentions.note(after.iCalUId, {
      ...meant,
      field: 'subject',
      value: after.subject,
      saw: before?.subject ?? null,
    })
  if (before === null || timeText(before) !== timeText(after))
    world.intentions.note(after.iCalUId, {
      ...meant,
      field: 'time',
      value: timeText(after),
      saw: before && timeText(before),
    })
}

function end(world: World, dice: Random, how: typeof cancelEvent): boolean {
  const item = someMeeting(world, dice)
  if (!item) return false
  how(world.outside.tenant, item)
  world.note(`${how.name} ${item.subject} in Outlook`)
  return true
}

function moved(world: World, dice: Random): EventChanges {
  const { startsAt, endsAt } = wishTime(world, dice)
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}

function renamed(world: World): EventChanges {
  return { subject: wishText(world, 'renamed') }
}

function turned(_world: World, _dice: Random, { sensitivity }: EventItem): EventChanges {
  return { sensitivity: sensitivity === 'private' ? 'normal' : 'private' }
}

function written(world: World, _dice: Random, { body, iCalUId }: EventItem): EventChanges {
  const line = `<p>${wishText(world, 'outside')}</p>`
  world.intentions.wrote(iCalUId, line)
  const end = body.content.lastIndexOf('</body>')
  const content = end < 0 ? body.content + line : body.content.slice(0, end) + line + body.content.slice(end)
  return { body: { contentType: 'html', content } }
}

function invited(_world: World, dice: Random, item: EventItem): EventChanges | null {
  const known = new Set(item.attendees.map(({ emailAddress }) => emailAddress.address.toLowerCase()))
  const guest = wishGuests(dice).find(({ email }) => !known.has(email) && email !== item.organizer.address)
  if (!guest) return null
  const added: Invitee = { emailAddress: { address: guest.email, name: guest.displayName }, type: 'required' }
  return { attendees: [...item.attendees.map(asInvitee), added] }
}

function uninvited(_world: World, dice: Random, item: EventItem): EventChanges | null {
  const guests = item.attendees.filter(({ type }) => type !== 'resource')
  if (guests.length === 0) return null
  const gone = dice.pick(guests)
  return { attendees: item.attendees.filter((one) => one !== gone).map(asInvitee) }
}

function withoutRoom(world: World, _dice: Random, item: EventItem): EventChanges | null {
  return without(world, item, null)
}

function withOtherRoom(world: World, dice: Random, item: EventItem): EventChanges | null {
  return without(world, item, dice.pick(world.plan.rooms))
}

function without(world: World, item: EventItem, other: RoomPlan | null): EventChanges | null {
  const rooms = item.attendees.filter(({ type }) => type === 'resource')
  if (rooms.length === 0 || rooms.some(({ emailAddress }) => emailAddress.address === other?.email)) return null
  const guests = item.attendees.filter(({ type }) => type !== 'resource').map(asInvitee)
  world.coverage.count(other ? 'room changed' : 'room removed')
  return { attendees: [...(other ? [asResource(other)] : []), ...guests] }
}

function answer(world: World, dice: Random, says: 'accepted' | 'declined'): boolean {
  const { tenant } = world.outside
  const copies = roomCopies(world).filter(({ responseStatus }) => responseStatus.response !== says)
  const waiting = copies.filter(({ responseStatus }) => responseStatus.response !== 'accepted')
  const chosen =
    waiting.length > 0 && dice.chance(0.8) ? dice.pick(waiting) : copies.length > 0 ? dice.pick(copies) : null
  if (!chosen) return false
  respondToEvent(tenant, chosen, says, true)
  world.note(`a delegate ${says} ${chosen.subject} of ${chosen.organizer.name}`)
  return true
}

function deleteCopy(world: World, dice: Random): boolean {
  const copies = roomCopies(world)
  if (copies.length === 0) return false
  const copy = dice.pick(copies)
  deleteEvent(world.outside.tenant, copy)
  world.note(`a delegate deletes the room's copy of ${copy.subject}`)
  return true
}

/** A meeting to come, as its organizer has it. */
function someMeeting(world: World, dice: Random): EventItem | null {
  const nowText = world.scheduler.now().toISOString()
  const items = world.outside.tenant.events.filter(
    (item) => item.isOrganizer && item.deletedAt === null && !item.isCancelled && item.endsAt > nowText,
  )
  return items.length === 0 ? null : dice.pick(items)
}

function roomCopies(world: World): EventItem[] {
  const nowText = world.scheduler.now().toISOString()
  return world.plan.rooms
    .flatMap(({ email }) => world.outside.judge.items(email))
    .filter((item) => !item.isCancelled && item.endsAt > nowText)
}

function asInvitee({ emailAddress, type }: Invitee): Invitee {
  return { emailAddress, type }
}

function asResource({ email, name }: RoomPlan): Invitee {
  return { emailAddress: { address: email, name }, type: 'resource' }
}
