import { setTimeout as wait } from 'node:timers/promises'
import type { LedgerEntry } from '../../emulator/model.ts'
import type { Person } from '../../test/support/person.ts'
import { until } from '../../test/support/until.ts'
import type { Stage } from '../stage/stage.ts'
import { type Acknowledged, bookOne, placeOf } from './booking.ts'

/** One booking on its way, in milliseconds. */
export type Journey = {
  /** From the answer to the booking until the event is in Outlook, by the tenant's own record of it. */
  createdMs: number
  /** From the answer until we have written down that it is there, less the time that the create was with Graph. */
  ownMs: number
}

export type Load = { people: readonly Person[]; roomIds: readonly string[]; perSecond: number; seconds: number }

/** Bookings at a steady pace, whatever becomes of those before them (open loop), and how each of them fared. */
export async function journeysUnder(stage: Stage, load: Load, first: number): Promise<Journey[]> {
  const since = (await stage.tenant.ledger()).at(-1)?.id ?? 0
  const bookings = await bookSteadily(load, first)
  const written = await writtenDown(stage, bookings)
  const calls = new Map((await stage.tenant.ledger(since)).map((entry) => [entry.requestId, entry]))
  const made = await madeAt(stage, written)
  return bookings.map((booking) => journeyOf(booking, { written, calls, made }))
}

async function bookSteadily({ people, roomIds, perSecond, seconds }: Load, first: number): Promise<Acknowledged[]> {
  const startedAt = performance.now()
  const bookings: Promise<Acknowledged>[] = []
  for (let n = 0; n < perSecond * seconds; n++) {
    await wait(Math.max(0, startedAt + (n * 1_000) / perSecond - performance.now()))
    const person = people[n % people.length]
    if (person === undefined) throw new Error('nobody books')
    bookings.push(bookOne(person, { ...placeOf(first + n, roomIds), subject: `Push ${first + n}` }))
  }
  return Promise.all(bookings)
}

type Written = { mailbox: string; requestId: string; iCalUId: string; processedAt: number }

/** What the sync events say of each reservation's create, as soon as all of them are over. */
async function writtenDown({ db }: Stage, bookings: readonly Acknowledged[]): Promise<Map<string, Written>> {
  const ids = bookings.map(({ reservationId }) => reservationId)
  const select = db.selectFrom('sync_events').selectAll().where('action', '=', 'create')
  const rows = await until(
    async () => {
      const found = await select.where('reservation_id', 'in', ids).where('state', '=', 'processed').execute()
      return found.length === ids.length && found
    },
    { what: 'every booking is in Outlook', timeoutMs: 120_000 },
  )
  return new Map(
    rows.map((row) => {
      const { mailbox, request_id: requestId, response, processed_at } = row
      const iCalUId = response?.iCalUId
      if (mailbox === null || requestId === null || typeof iCalUId !== 'string' || processed_at === null)
        throw new Error(`The sync event of reservation ${row.reservation_id} does not say what became of it.`)
      return [row.reservation_id, { mailbox, requestId, iCalUId, processedAt: processed_at.getTime() }]
    }),
  )
}

/** When each event came to be, by the organizer's raw item at the tenant. */
async function madeAt({ tenant }: Stage, written: Map<string, Written>): Promise<Map<string, number>> {
  const mailboxes = new Set([...written.values()].map(({ mailbox }) => mailbox))
  const items = await Promise.all([...mailboxes].map((mailbox) => tenant.items(mailbox)))
  return new Map(items.flat().map(({ iCalUId, createdAt }) => [iCalUId, Date.parse(createdAt)]))
}

type Records = { written: Map<string, Written>; calls: Map<string, LedgerEntry>; made: Map<string, number> }

function journeyOf({ reservationId, acknowledgedAt }: Acknowledged, { written, calls, made }: Records): Journey {
  const outcome = written.get(reservationId)
  const call = calls.get(outcome?.requestId ?? '')
  const createdAt = made.get(outcome?.iCalUId ?? '')
  if (outcome === undefined || call === undefined || createdAt === undefined)
    throw new Error(`The create of reservation ${reservationId} cannot be followed at the tenant.`)
  const withGraphMs = createdAt - Date.parse(call.at)
  return {
    createdMs: createdAt - acknowledgedAt,
    ownMs: outcome.processedAt - acknowledgedAt - withGraphMs,
  }
}
