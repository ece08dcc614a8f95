import { isWrite } from '../outside/call.ts'
import { letTimePass } from '../run/let-time-pass.ts'
import type { World } from '../world/world.ts'
import { Violation } from './violation.ts'

/** I1: every change that was acknowledged has gone out, or says visibly why it has not. */
export async function judgeOutbox(world: World): Promise<void> {
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
  if (!first) return
  const { seq, reservation_id: id, action, attempts, not_before: until, state } = first
  const says = `change ${seq} (${action}, ${attempts} attempts, not before ${until.toISOString()}) of reservation ${id} (${state})`
  throw new Violation('I1', `${waiting.length} changes have not gone out: ${says}`)
}

const quietMs = 11 * 60_000

/** I10: while nobody does anything nothing is written, here or there: our own writes do not come back as news. */
export async function judgeQuiet(world: World): Promise<void> {
  const before = await decisionsIn(world)
  let wrote: string | null = null
  world.network.watch({
    departed: (call) => {
      if (isWrite(call)) wrote ??= `${call.method} ${call.path}`
    },
  })
  await letTimePass(world, quietMs)
  if (wrote !== null) throw new Violation('I10', `nobody did anything, and Outlook is written to: ${wrote}`)
  const after = await decisionsIn(world)
  if (after !== before) throw new Violation('I10', `nobody did anything, and ${after - before} decisions were made`)
}

async function decisionsIn(world: World): Promise<number> {
  return (await world.store.beside.selectFrom('sync_decisions').select('seq').execute()).length
}
