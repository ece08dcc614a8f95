import type { Field, Intention } from '../world/intentions.ts'
import { timeText } from '../world/intentions.ts'
import type { World } from '../world/world.ts'
import { type BothSides, readBothSides } from './both-sides.ts'
import { Violation } from './violation.ts'

/**
 * I1, I3: what a meeting ends up as in Outlook is something that somebody meant, and that nobody who saw it has replaced since. Where two
 * did not know of each other either may win. What people wrote below our line is all still there.
 */
export async function judgeLostUpdates(world: World): Promise<void> {
  const refused = await refusedReservations(world)
  const all = await readBothSides(world)
  for (const sides of all) {
    const { original, row } = sides
    if (original === null) continue
    judgeLines(world, sides)
    const isOurs = row.source === 'outlook' || world.people.acknowledged.has(row.id)
    if (row.sync_state === 'not_sent' || refused.has(row.id) || !isOurs || given.includes(row.state)) continue
    // A meeting that was given to the room again, or to another room, has a new reservation. What was meant of an earlier one may have
    // become true before that one ended, and is not owed any more.
    const earlier = all.filter((one) => one.iCalUId === sides.iCalUId && one.row.id !== row.id).map((one) => one.row.id)
    const names = { own: [row.id, original.iCalUId], earlier }
    judgeField(world, row.id, { names, field: 'subject', value: original.subject })
    judgeField(world, row.id, { names, field: 'time', value: timeText(original) })
  }
}

/** Its meeting is nobody's business here any more. */
const given: readonly string[] = ['draft', 'failed', 'cancelled', 'rejected', 'expired']

function judgeLines(world: World, { original, row }: BothSides): void {
  if (original === null) return
  const lost = world.intentions.linesOf(original.iCalUId).filter((line) => !original.body.content.includes(line))
  if (lost.length > 0)
    throw new Violation('I1', `what was written in Outlook is gone from reservation ${row.id}: ${lost.join(', ')}`)
}

type Judged = { names: { own: readonly string[]; earlier: readonly string[] }; field: Field; value: string }

function judgeField(world: World, id: string, { names, field, value }: Judged): void {
  const before = world.intentions.of(names.earlier, field).map((one) => ({ ...one, isKnown: false }))
  const all = [...before, ...world.intentions.of(names.own, field)].sort((one, other) => one.atMs - other.atMs)
  const meant = all.filter((one) => one.value === value)
  if (all.length === 0) return
  if (meant.length === 0)
    throw new Violation('I1', `nobody meant the ${field} of reservation ${id} to be ${value}: ${list(all)}`)
  if (meant.every((one) => isReplaced(one, all)))
    throw new Violation(
      'I1',
      `the ${field} of reservation ${id} is ${value}, which somebody has replaced: ${list(all)}`,
    )
}

/** Somebody changed it later on the same side, or later on the other side with this value before their eyes. */
function isReplaced(one: Intention, all: readonly Intention[]): boolean {
  const later = all.slice(all.indexOf(one) + 1).filter(({ isKnown, atMs }) => isKnown && atMs > one.atMs)
  return later.some(({ side, saw }) => side === one.side || saw === one.value)
}

/** Changes that Microsoft, or the rules of the mode, refused for good are shown as such; they have not become true. */
async function refusedReservations(world: World): Promise<Set<string>> {
  const rows = await world.store.beside
    .selectFrom('sync_events')
    .select('reservation_id')
    .where('sub_state', 'in', ['refused', 'overruled'])
    .execute()
  const given = await world.store.beside
    .selectFrom('sync_decisions')
    .select(['reservation_id', 'why', 'details'])
    .where('decision', '=', 'take')
    .execute()
  const undone = given.filter(({ why, details }) => [why, ...alsoIn(details)].includes('refused_so_as_before'))
  return new Set([...rows, ...undone].flatMap(({ reservation_id: id }) => (id === null ? [] : [id])))
}

function alsoIn(details: Record<string, unknown>): string[] {
  return Array.isArray(details.also) ? details.also.map(String) : []
}

function list(intentions: readonly Intention[]): string {
  return intentions
    .map(
      ({ side, value, saw, atMs, isKnown }) =>
        `${new Date(atMs).toISOString()} ${side} ${value}${isKnown ? '' : '?'} (saw ${saw})`,
    )
    .join('; ')
}
