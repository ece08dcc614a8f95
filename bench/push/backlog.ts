import type { Person } from '../../test/support/person.ts'
import { until } from '../../test/support/until.ts'
import type { Stage } from '../stage/stage.ts'
import { bookOne, placeOf } from './booking.ts'

export type Backlog = { people: readonly Person[]; roomIds: readonly string[]; count: number; first: number }

export type Drained = {
  /** Events made, from the first call's arrival at the tenant until the last event was there. */
  events: number
  seconds: number
  /** Calls of all kinds to the organizers' mailboxes meanwhile. */
  calls: number
  mailboxes: number
  /** Answers of the tenant that said: too much. */
  refusals: number
}

/** Bookings that were made while no worker ran, and how fast a worker that then starts brings them to Outlook. */
export async function drainBacklog(stage: Stage, backlog: Backlog): Promise<Drained> {
  await bookAll(backlog)
  const since = (await stage.tenant.ledger()).at(-1)?.id ?? 0
  const worker = await stage.startWorker()
  await until(() => isPushed(stage), { what: 'the backlog is in Outlook', timeoutMs: 180_000 })
  // What the rooms answered is compared before the next measurement, and is not left to it.
  await until(() => isCompared(stage), { what: 'all rooms are compared', timeoutMs: 180_000 })
  await worker.stop()
  return drainedSince(stage, since)
}

const bookersAtATime = 4

async function bookAll({ people, roomIds, count, first }: Backlog): Promise<void> {
  let next = 0
  const bookOn = async () => {
    for (let n = next++; n < count; n = next++) {
      const person = people[n % people.length]
      if (person) await bookOne(person, { ...placeOf(first + n, roomIds), subject: `Backlog ${first + n}` })
    }
  }
  await Promise.all(Array.from({ length: bookersAtATime }, bookOn))
}

async function isPushed({ db }: Stage): Promise<boolean> {
  const { waiting } = await db
    .selectFrom('reservation_outbox')
    .select(({ fn }) => fn.countAll<string>().as('waiting'))
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
  return waiting === '0'
}

async function isCompared({ db }: Stage): Promise<boolean> {
  const due = await db.selectFrom('room_events').select('id').where('plan_due_at', 'is not', null).limit(1).execute()
  const unread = await db
    .selectFrom('change_notifications')
    .select('seq')
    .where('handled_at', 'is', null)
    .limit(1)
    .execute()
  return due.length + unread.length === 0
}

async function drainedSince({ tenant }: Stage, since: number): Promise<Drained> {
  const calls = (await tenant.ledger(since)).filter(({ surface }) => surface === 'graph')
  const creates = calls.filter(
    ({ method, path, status }) => method === 'POST' && path.endsWith('/events') && status === 201,
  )
  const first = Date.parse(creates[0]?.at ?? '')
  const mailboxes = new Set(creates.map(({ mailbox }) => mailbox ?? ''))
  const items = await Promise.all([...mailboxes].map((mailbox) => tenant.items(mailbox)))
  const last = Math.max(...items.flat().map(({ createdAt }) => Date.parse(createdAt)))
  const meanwhile = calls.filter(({ at, mailbox }) => mailboxes.has(mailbox ?? '') && Date.parse(at) <= last)
  return {
    events: creates.length,
    seconds: (last - first) / 1_000,
    calls: meanwhile.length,
    mailboxes: mailboxes.size,
    refusals: calls.filter(({ status }) => status === 429).length,
  }
}
