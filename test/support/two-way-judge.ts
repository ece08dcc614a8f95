import type { Database } from '#db/database.ts'
import type { EventItem, LedgerEntry } from '../../emulator/model.ts'
import { outlookApp } from './outlook-person.ts'
import type { TestTenant } from './tenant.ts'
import type { Matter, Wanted } from './two-way-load.ts'

type Reservation = { subject: string; state: string; starts_at: Date }

/** Every reservation and every raw item at the tenant, by the key that its subject begins with. */
type Records = { reservations: Map<string, Reservation[]>; events: Map<string, EventItem[]>; tenant: TestTenant }

/**
 * What is not as it should be, in words; empty when both sides say of every meeting what was asked for last, once.
 */
export async function disagreements(
  { db, tenant }: { db: Database; tenant: TestTenant },
  matters: readonly Matter[],
): Promise<string[]> {
  const rows = await db.selectFrom('reservations').select(['subject', 'state', 'starts_at']).execute()
  const organized = tenant.tenant.events.list().filter(({ isOrganizer }) => isOrganizer)
  const records = { reservations: byKey(rows), events: byKey(organized), tenant }
  return matters.flatMap((matter) => disagreement(matter, records) ?? [])
}

function disagreement(matter: Matter, { reservations, events, tenant }: Records): string | null {
  const { key, possible } = matter
  const ours = reservations.get(key) ?? []
  const theirs = events.get(key) ?? []
  const told = `${key}, born ${matter.born}: wanted ${JSON.stringify(possible)}, here ${JSON.stringify(ours)}, in Outlook ${JSON.stringify(theirs.map(brief))}`
  if (ours.length > 1 || theirs.length > 1) return `twice: ${told}`
  const agreed = possible.some((wanted) => isSo(wanted, { ours: ours[0], theirs: theirs[0], tenant }))
  return agreed ? null : told
}

type Pair = { ours: Reservation | undefined; theirs: EventItem | undefined; tenant: TestTenant }

function isSo(wanted: Wanted, { ours, theirs, tenant }: Pair): boolean {
  const isThere = theirs !== undefined && theirs.deletedAt === null && !theirs.isCancelled
  if (!wanted.isLive)
    return !isThere && (ours === undefined || ours.state === 'cancelled') && copies(theirs, tenant) === 0
  return (
    isThere &&
    ours?.state === 'confirmed' &&
    ours.subject === wanted.subject &&
    theirs.subject === wanted.subject &&
    ours.starts_at.toISOString() === wanted.startsAt &&
    Date.parse(theirs.startsAt) === ours.starts_at.getTime() &&
    copies(theirs, tenant) === 1
  )
}

/** How many calendars of rooms hold it. */
function copies(theirs: EventItem | undefined, { tenant }: TestTenant): number {
  if (theirs === undefined) return 0
  const held = tenant.events.listBy(theirs.iCalUId).filter((copy) => copy.deletedAt === null && !copy.isCancelled)
  return held.filter(({ mailboxId }) => tenant.users.get(mailboxId)?.kind === 'room').length
}

/** Writes of ours that were done more often than anybody asked for them, by the tenant's ledger. */
export function writesTooMany(
  { tenant }: TestTenant,
  matters: readonly Matter[],
  ledger: readonly LedgerEntry[],
): string[] {
  const ours = ledger.filter(
    ({ clientId, surface, status }) => surface === 'graph' && clientId !== outlookApp && status < 300,
  )
  const creates = ours.filter(({ method, path }) => method === 'POST' && path.endsWith('/events'))
  const bornHere = tenant.events
    .list()
    .filter(({ isOrganizer, subject }) => isOrganizer && isBornHere(matters, subject))
  const surplus = creates.length - bornHere.length
  const changes = matters.flatMap((matter) => {
    const event = bornHere.find(({ subject }) => keyOf(subject) === matter.key)
    const id = event === undefined ? null : [event.id, event.immutableId]
    const writes = ours.filter(({ method, path }) => method !== 'GET' && id?.some((one) => path.includes(one)))
    return writes.length <= matter.asked
      ? []
      : [`${matter.key} was written ${writes.length} times for ${matter.asked} changes`]
  })
  return [...(surplus === 0 ? [] : [`${creates.length} creates for ${bornHere.length} events`]), ...changes]
}

function isBornHere(matters: readonly Matter[], subject: string): boolean {
  return matters.some(({ key, born }) => born === 'here' && key === keyOf(subject))
}

function keyOf(subject: string): string | undefined {
  return /^K\d+/.exec(subject)?.[0]
}

function byKey<T extends { subject: string }>(records: readonly T[]): Map<string, T[]> {
  return Map.groupBy(records, ({ subject }) => keyOf(subject) ?? '')
}

function brief({ subject, startsAt, isCancelled, deletedAt }: EventItem) {
  return { subject, startsAt, isCancelled, deletedAt }
}
