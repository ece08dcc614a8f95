import { transaction } from '#db/transaction.ts'
import { assertFence, releaseLease, takeLease } from '#jobs/lease.ts'
import { ensureBuilding, ensureRoom, findRooms } from '#rooms/room.ts'
import { openMemoryDatabase } from './database/memory-dialect.ts'
import { MemoryStore } from './database/memory-store.ts'
import { readSchemaModel } from './database/schema-model.ts'
import { Random } from './scheduler/random.ts'
import { Scheduler } from './scheduler/scheduler.ts'

const random = new Random('1')
const s = new Scheduler({ random: random.fork('s'), startMs: Date.UTC(2026, 9, 1) })
const model = await readSchemaModel()
const store = new MemoryStore(model, () => s.now())
const door = { inside: null }
const ids = random.fork('ids')
const owner = { name: 'w1', state: 'running' as const }
const { db } = openMemoryDatabase(store, door, (ready) => s.pause(owner, 'db', ready))
let done = false
s.start(async () => {
  const b = await ensureBuilding(db, { id: ids.uuid(s.nowMs), name: 'B', city: 'C', timeZone: 'Europe/Berlin' })
  await ensureRoom(db, {
    id: ids.uuid(s.nowMs),
    name: 'R',
    mailbox: 'r@x',
    buildingId: b,
    floor: 1,
    capacity: 3,
    equipment: ['a'],
    needsApproval: false,
  })
  console.log(await findRooms(db, { q: 'r' }))
  for (let k = 0; k < 3; k++) {
    let t = performance.now()
    for (let i = 0; i < 3000; i++) await findRooms(db, {})
    console.log('select us', (performance.now() - t) / 3)
    t = performance.now()
    for (let i = 0; i < 1000; i++) {
      const lease = await takeLease(db, 'l' + i, { ownerId: 'o', ttlMs: 1000 })
      await transaction(db, async (trx) => {
        await assertFence(trx, lease!)
      })
      await releaseLease(db, lease!)
    }
    console.log('4 stmts us', performance.now() - t)
    store.clear()
  }
  done = true
})
await s.run({ until: () => done })
