import type { Database } from '#db/database.ts'
import { readRetryAfter } from '#kit/retry-after.ts'
import type { Seams } from '#kit/seams.ts'
import { Door, type Entry } from './door.ts'
import { deleteLapsed, type Lane, notePause, type Urgency } from './queries.ts'

export type { Urgency } from './queries.ts'

export type PaceDeps = {
  db: Database
  seams: Pick<Seams, 'newId' | 'now' | 'wait' | 'randomBytes'>
  /** How long a slot is kept for a call, in milliseconds. Tests shorten it. */
  slotMs?: number
}

export type Pass = {
  /** The OAuth client id: the provider counts each application's calls by itself. */
  application: string
  /** The address of the mailbox that is called. */
  mailbox: string
  urgency: Urgency
}

/** Longer than any call takes (twenty seconds), so that a slot is lost only by a process that died; nobody waits longer for a dead one. */
const slotMsDefault = 30_000

/**
 * Makes one call to a mailbox when it is its turn: at most three of one application are under way at a time, in all processes together,
 * those that a person waits for before bulk work. While the mailbox has asked to be left alone (`Retry-After` of a 429, 503 or 504), nobody
 * calls it; other mailboxes are called all the same.
 *
 * @returns the answer; or, without a call, a 429 of our own whose `Retry-After` says when to come again (RFC 9110 section 10.2.3): its
 *   code is `pace.paused`, or `pace.full` when no turn came within ten seconds.
 */
export async function passing(deps: PaceDeps, pass: Pass, work: () => Promise<Response>): Promise<Response> {
  const lane = { application: pass.application, mailbox: pass.mailbox.toLowerCase() }
  const entry = await entering(deps, lane, pass.urgency)
  if (entry.is === 'paused') return notNow('pace.paused', sayPaused, entry.waitMs)
  if (entry.is === 'full') return notNow('pace.full', sayFull, comeAgainMs)
  try {
    const answer = await work()
    // Noted before the slot is free: whoever takes it next must already know.
    await noteAsked(deps, lane, answer)
    return answer
  } finally {
    await entry.leave()
  }
}

/** Clears what lapsed out of the tables; to be called now and then. */
export function forgetLapsed(db: Database): Promise<void> {
  return deleteLapsed(db)
}

const comeAgainMs = 2_000
const sayPaused = 'The mailbox asked not to be called for a while. Nothing was sent.'
const sayFull = 'Too many calls wait for this mailbox. Nothing was sent.'

/** One process is one pool of connections: what waits there waits together. */
type Doors = { process: string; byLane: Map<string, Door> }
const doorsOf = new WeakMap<Database, Doors>()

function entering({ db, seams, slotMs = slotMsDefault }: PaceDeps, lane: Lane, urgency: Urgency): Promise<Entry> {
  if (db.isTransaction) throw new Error('others must see a slot at once: pace takes the database itself')
  const doors = doorsOf.get(db) ?? { process: seams.newId(), byLane: new Map<string, Door>() }
  doorsOf.set(db, doors)
  const { process, byLane } = doors
  const key = `${lane.application} ${lane.mailbox}`
  const onIdle = () => byLane.delete(key)
  const door = byLane.get(key) ?? new Door({ db, seams, lane, process, slotMs, onIdle })
  byLane.set(key, door)
  return door.enter(urgency)
}

/** The caller has its answer, which must not be lost because this could not be noted. */
async function noteAsked({ db, seams }: PaceDeps, lane: Lane, { status, headers }: Response): Promise<void> {
  if (status !== 429 && status !== 503 && status !== 504) return
  const waitMs = readRetryAfter(headers.get('retry-after'), seams.now()) ?? 0
  if (waitMs > 0) await notePause(db, lane, waitMs).catch(() => undefined)
}

/** In the words of Graph, so that it is read like any other answer ("Microsoft Graph error responses"). */
function notNow(code: string, message: string, waitMs: number): Response {
  const headers = { 'retry-after': (waitMs / 1000).toFixed(3) }
  return Response.json({ error: { code, message } }, { status: 429, headers })
}
