import type { EventItem } from '../../../emulator/model.ts'
import type { Written } from '../database/commit-hook.ts'
import type { World } from '../world/world.ts'
import { Violation } from './violation.ts'

/** What somebody must have changed in Outlook before it can be taken over from there. */
const causes: Record<string, readonly string[]> = {
  moved_in_outlook: ['startsAt', 'endsAt'],
  outlook_wins: ['startsAt', 'endsAt'],
  renamed_in_outlook: ['subject'],
  privacy_in_outlook: ['sensitivity'],
  invitees_in_outlook: ['attendees'],
}

/**
 * Every decision has a cause in Outlook. I10: what was taken over from there, somebody changed there; our own write that comes back is no
 * such change. I1: what ended because it ended there has really ended there. I4: a meeting that ended here does not come back because an
 * older look still shows it.
 */
export function watchCauses(world: World): void {
  const ended = watchEnds(world)
  let seenSeq = 0
  world.commitWatchers.push(async ({ written }) => {
    if (!written.some(isDecision)) return
    await world.scheduler.during(
      (async () => {
        for (const decision of await decisionsAfter(world, seenSeq)) {
          seenSeq = Number(decision.seq)
          await judge(world, decision, ended)
        }
      })(),
    )
  })
}

function isDecision({ table }: Written): boolean {
  return table === 'sync_decisions'
}

function decisionsAfter(world: World, seq: number) {
  return world.store.beside
    .selectFrom('sync_decisions')
    .leftJoin('event_links', 'event_links.reservation_id', 'sync_decisions.reservation_id')
    .select(['sync_decisions.seq', 'sync_decisions.room_id', 'sync_decisions.reservation_id', 'decision', 'why'])
    .select(['details', 'i_cal_uid', 'born_outside'])
    .where('sync_decisions.seq', '>', String(seq))
    .orderBy('sync_decisions.seq')
    .execute()
}

type Decision = Awaited<ReturnType<typeof decisionsAfter>>[number]

async function judge(world: World, decision: Decision, ended: ReadonlySet<string>): Promise<void> {
  const { i_cal_uid: uid } = decision
  if (uid === null) return
  if (decision.decision === 'take' && decision.born_outside === false) judgeTake(world, uid, decision)
  if (decision.decision === 'end' && !ended.has(uid))
    throw new Violation(
      'I1',
      `reservation ${decision.reservation_id} was ended (${decision.why}): nobody has in Outlook`,
    )
  if (decision.decision === 'adopt') await judgeAdoption(world, uid, decision)
}

function judgeTake(world: World, uid: string, { reservation_id: id, why, details }: Decision): void {
  const also = Array.isArray(details?.also) ? details.also.map(String) : []
  for (const reason of [why, ...also]) {
    const needed = causes[reason] ?? []
    if (needed.length === 0 || needed.some((key) => world.intentions.isTouched(uid, key))) continue
    throw new Violation('I10', `reservation ${id} took something over (${reason}) that nobody changed in Outlook`)
  }
}

async function judgeAdoption(world: World, uid: string, { reservation_id: id, room_id: roomId }: Decision) {
  const earlier = await world.store.beside
    .selectFrom('event_links')
    .innerJoin('reservations', 'reservations.id', 'event_links.reservation_id')
    .select('reservations.id')
    .where('i_cal_uid', '=', uid)
    .where('room_id', '=', roomId)
    .where('reservations.state', '=', 'cancelled')
    .where('ended_by', '=', 'here')
    .executeTakeFirst()
  if (earlier)
    throw new Violation('I4', `the meeting of reservation ${earlier.id}, which was cancelled here, is ${id} now`)
}

/** Meetings that ended in Outlook at some moment, or lost a room, or were declined, whoever did it. */
function watchEnds(world: World): ReadonlySet<string> {
  const ended = new Set<string>()
  world.outside.tenant.events.watch((before, after) => {
    if (after !== undefined && (isEnd(after) || hasLostRoom(before, after))) ended.add(after.iCalUId)
    if (after === undefined && before !== undefined) ended.add(before.iCalUId)
  })
  return ended
}

function isEnd({ deletedAt, isCancelled, responseStatus, attendees }: EventItem): boolean {
  if (deletedAt !== null || isCancelled || responseStatus.response === 'declined') return true
  return attendees.some(({ type, status }) => type === 'resource' && status.response === 'declined')
}

function hasLostRoom(before: EventItem | undefined, after: EventItem): boolean {
  const rooms = (item: EventItem) => item.attendees.filter(({ type }) => type === 'resource')
  const there = new Set(rooms(after).map(({ emailAddress }) => emailAddress.address))
  return before !== undefined && rooms(before).some(({ emailAddress }) => !there.has(emailAddress.address))
}
