import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { Refusal } from '#kit/refusal.ts'
import { openStoreKeeper } from './database/store.ts'
import { Trace } from './trace.ts'
import { planOf } from './world/plan.ts'
import { users } from './world/scenery.ts'
import { World } from './world/world.ts'
const kind = process.argv[2] === 'postgres' ? 'postgres' : 'memory'
const keeper = await openStoreKeeper(kind)
for (let seed = 1; seed < (kind === 'memory' ? 40 : 6); seed++) {
const t0 = performance.now()
const plan = planOf({ seed, operations: 30, troubles: [] })
const trace = new Trace(process.argv[3] ? 4000 : 0)
const world = await World.open(plan, keeper, trace)
world.start('web')
for (let i = 0; i < 3; i++) world.start('worker')
const dice = plan.random.fork('ops')
let booked = 0, refused = 0
const ids: {id: string, who: string}[] = []
for (let i = 0; i < 30; i++) {
  const web = world.web()!
  const who = dice.pick([...users.keys()])
  const person = users.get(who)!
  const actor = { userId: who, displayName: person.name, email: person.email, roles: new Set(['employee']), microsoft: { tenantId: 'x', objectId: person.id }, via: 'session' as const, sessionId: who }
  world.scheduler.start(async () => {
    await world.scheduler.pause(web, 'request book')
    try {
      if (ids.length && dice.chance(0.3)) {
        const one = dice.pick(ids)
        if (one.who === who) await cancel(web.engine.reservations, actor, { id: one.id, reason: '' })
        return
      }
      const at = plan.startMs + 3600_000 * dice.between(5, 40)
      const r = await book(web.engine.reservations, actor, { roomId: dice.pick(plan.rooms).id, subject: 's' + i, startsAt: new Date(at).toISOString(), endsAt: new Date(at + 3600_000).toISOString(), notes: '', isPrivate: false, invitees: [] })
      booked++
      ids.push({ id: r.id, who })
    } catch (p) { if (!(p instanceof Refusal)) throw p; refused++ }
  })
  await world.scheduler.run({ untilMs: world.scheduler.nowMs + dice.below(3000) })
}
const t1 = performance.now()
await world.scheduler.run({ untilMs: world.scheduler.nowMs + 600_000 })
const { rows } = { rows: await world.store.beside.selectFrom('reservations').select(['state']).execute() }
console.log(seed, 'ms', (performance.now() - t0).toFixed(0), (t1-t0).toFixed(0), 'steps', trace.count, trace.hash, 'booked', booked, 'refused', refused, JSON.stringify(Object.groupBy(rows.map((r) => r.state), (x) => x) , (k, v) => Array.isArray(v) ? v.length : v), 'calls', world.outside.judge.ledger().length)
if (process.argv[3]) console.log(trace.lines.join('\n'))
}
await keeper.close()
