import { type Call, isWrite } from '../outside/call.ts'
import { letTimePass } from '../run/let-time-pass.ts'
import type { World } from '../world/world.ts'
import { meetingOfCall } from './meeting-of-call.ts'
import { Violation } from './violation.ts'

/** I1: a change that was acknowledged and has neither gone out nor been given up visibly; null when there is none. */
export async function findWaiting(world: World): Promise<{ invariant: string; says: string } | null> {
  const waiting = await world.store.beside
    .selectFrom('reservation_outbox')
    .innerJoin('reservations', 'reservations.id', 'reservation_outbox.reservation_id')
    .select([
      'reservation_outbox.seq',
      'reservation_outbox.reservation_id',
      'action',
      'attempts',
      'not_before',
      'reservations.state',
    ])
    .where('done_at', 'is', null)
    .execute()
  const [first] = waiting
  if (!first) return null
  const { seq, reservation_id: id, action, attempts, not_before: until, state } = first
  const says = `change ${seq} (${action}, ${attempts} attempts, not before ${until.toISOString()}) of reservation ${id} (${state})`
  return { invariant: 'I1', says: `${waiting.length} changes have not gone out: ${says}` }
}

/** Rooms that nothing tells of are read every minute; those that are told, every five: now and then a run waits for that. */
const quietMs = { short: 150_000, long: 360_000 }

/** I10: while nobody does anything nothing is written, here or there: our own writes do not come back as news. */
export async function judgeQuiet(world: World): Promise<void> {
  const before = await decisionsIn(world)
  let wrote: string | null = null
  world.network.watch({
    departed: (call) => {
      if (isWrite(call) && !isRelease(call) && meetingOfCall(world, call) !== null)
        wrote ??= `${call.method} ${call.path}`
    },
  })
  await letTimePass(world, world.plan.seed % 5 === 0 ? quietMs.long : quietMs.short)
  if (wrote !== null) throw new Violation('I10', `nobody did anything, and Outlook is written to: ${wrote}`)
  const news = (await decisionsIn(world)).slice(before.length)
  const [first] = news
  if (first)
    throw new Violation(
      'I10',
      `nobody did anything, and ${news.length} decisions were made: ${first.decision}, ${first.why}`,
    )
}

/** Time itself frees a room that has not answered for too long. */
function isRelease({ path }: Call): boolean {
  return path.endsWith('/decline')
}

/**
 * Decisions that changed something for people. Noting what both sides have agreed on anyway changes nothing; a change of guests alone is
 * told to those guests only, and found when somebody next looks.
 */
async function decisionsIn(world: World): Promise<{ decision: string; why: string }[]> {
  return world.store.beside
    .selectFrom('sync_decisions')
    .select(['decision', 'why'])
    .where('why', 'not in', ['agreed_anyway', 'expired_here', 'invitees_in_outlook'])
    .orderBy('seq')
    .execute()
}
