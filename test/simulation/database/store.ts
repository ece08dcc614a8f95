import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Owner, Scheduler } from '../scheduler/scheduler.ts'
import type { Committed } from './commit-hook.ts'
import { type Door, openMemoryDatabase } from './memory-dialect.ts'
import { MemoryStore } from './memory-store.ts'
import { openPostgresDatabase } from './postgres-dialect.ts'
import { PostgresStore } from './postgres-store.ts'
import { readSchemaModel } from './schema-model.ts'

export type StoreKind = 'memory' | 'postgres'

/** Where a run keeps what the service knows: one database, which every process of the run opens for itself. */
export type Store = {
  kind: StoreKind
  /** What one process sees of it; `abandon` undoes what it had not committed. */
  open: (owner: Owner, watch: Watch) => { db: Database; abandon: () => Promise<void> }
  /** Beside all processes, taking no turns: for the scenery and for judges, between two steps. */
  beside: Database
  /** What has lately been waited for inside the database may need its own word to go on: true when that was so. */
  wakeWaiters: () => Promise<boolean>
}

/** What is told of what a process does with the store. */
export type Watch = { ran: (text: string) => void; committed: Committed }

/** Opens a store once for many runs; each run gets it empty. */
export type StoreKeeper = {
  begin: (scheduler: Scheduler) => Promise<Store>
  close: () => Promise<void>
}

export async function openStoreKeeper(kind: StoreKind): Promise<StoreKeeper> {
  return kind === 'memory' ? memoryKeeper() : postgresKeeper()
}

async function memoryKeeper(): Promise<StoreKeeper> {
  let now = () => new Date(0)
  const store = new MemoryStore(await readSchemaModel(), () => now())
  return {
    begin: async (scheduler) => {
      now = () => scheduler.now()
      store.clear()
      const door: Door = { inside: null }
      const beside = openMemoryDatabase(
        store,
        { inside: null },
        { turn: async () => {}, ran: () => {}, committed: () => {} },
      )
      return {
        kind: 'memory',
        open: (owner, watch) => {
          const turn = (ready: () => boolean) => scheduler.pause(owner, 'statement', ready)
          const { db, abandon } = openMemoryDatabase(store, door, { turn, ...watch })
          return { db, abandon: async () => abandon() }
        },
        beside: beside.db,
        wakeWaiters: async () => false,
      }
    },
    close: async () => {},
  }
}

async function postgresKeeper(): Promise<StoreKeeper> {
  const store = await PostgresStore.open()
  const beside = store.plainDatabase()
  return {
    begin: async (scheduler) => {
      await store.clear()
      return {
        kind: 'postgres',
        open: (owner, watch) => openPostgresDatabase(store, { scheduler, owner, ...watch }),
        beside,
        wakeWaiters: () => store.someoneWaits(scheduler),
      }
    },
    close: async () => {
      await sql`select 1`.execute(beside)
      await beside.destroy()
      await store.close()
    },
  }
}
