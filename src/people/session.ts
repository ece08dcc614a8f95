import type { Context } from 'hono'
import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import { Secret, sha256 } from '#kit/secret.ts'
import { clearCookie, readCookie, writeCookie } from './browser-cookie.ts'
import type { PeopleDeps } from './deps.ts'
import { seesConsole } from './role.ts'
import {
  endSessionRow,
  endSessionRowsOf,
  findSession,
  insertSession,
  type SessionRecord,
  touchSession,
} from './session-queries.ts'
import { findUser } from './user-queries.ts'

export type SessionDeps = Pick<PeopleDeps, 'db' | 'seams' | 'publicUrl'>

const minuteMs = 60_000

/** A working day: whoever comes in the morning signs in once, and a cookie taken today is worth nothing tomorrow. */
export const sessionAbsoluteMs = 8 * 60 * minuteMs

/**
 * Console people can redirect everybody's calendar traffic, so an unattended desk is the danger: a quarter of an hour covers a
 * talk with a colleague, not lunch. Coming back costs one click, because Microsoft's own session lasts longer than ours.
 */
export const sessionIdleConsoleMs = 15 * minuteMs

/** Everybody else can book and cancel their own rooms: half an hour spans a short meeting with the page left open. */
export const sessionIdleMs = 30 * minuteMs

/** One write a minute and session instead of one a request; idleness is exact to this much. */
const lastSeenEveryMs = minuteMs

export type Session = { id: string; token: Secret; user: SessionRecord }

/** Whose session begins, and when they last gave their password, as far as that is known. */
export type SignedIn = { userId: string; provedAt: Date | null }

/**
 * Signs this browser in: a new 256-bit token in the cookie, its SHA-256 in the table. Whatever session the browser had
 * before ends, so an id planted beforehand is worth nothing (session fixation).
 */
export async function startSession(
  deps: SessionDeps,
  context: Context,
  { userId, provedAt }: SignedIn,
): Promise<{ token: Secret }> {
  const now = deps.seams.now()
  const token = new Secret(Buffer.from(deps.seams.randomBytes(32)).toString('base64url'))
  const before = readCookie(context, deps.publicUrl, 'an_s')
  if (before !== null) await endSessionRow(deps.db, hashOf(before), now)
  await insertSession(deps.db, {
    id: deps.seams.newId(),
    token_hash: hashOf(token),
    user_id: userId,
    now,
    expires_at: new Date(now.getTime() + sessionAbsoluteMs),
    proved_at: provedAt,
    user_agent: (context.req.header('user-agent') ?? '').slice(0, 200),
  })
  // No Max-Age: the cookie goes when the browser closes, and the table decides about everything else.
  writeCookie(context, deps.publicUrl, { name: 'an_s', value: token })
  return { token }
}

/** The session of this request's cookie, if it lives and its person is active. Notes that it was seen. */
export async function readSession(deps: SessionDeps, context: Context): Promise<Session | null> {
  const token = readCookie(context, deps.publicUrl, 'an_s')
  if (token === null) return null
  const now = deps.seams.now()
  const user = await findSession(deps.db, hashOf(token), now)
  if (user === undefined) return null
  const quietMs = now.getTime() - user.last_seen_at.getTime()
  if (quietMs >= (seesConsole(new Set(user.roles)) ? sessionIdleConsoleMs : sessionIdleMs)) return null
  if (quietMs >= lastSeenEveryMs) {
    await touchSession(deps.db, user.session_id, { now, notSince: new Date(now.getTime() - lastSeenEveryMs) })
  }
  return { id: user.session_id, token, user }
}

/** Sign out: the row ends, so the cookie is worthless even where a copy of it was kept. */
export async function endSession(deps: SessionDeps, context: Context, requestId: string): Promise<void> {
  const token = readCookie(context, deps.publicUrl, 'an_s')
  if (token !== null) await transaction(deps.db, (trx) => signOut({ ...deps, db: trx }, token, requestId))
  clearCookie(context, deps.publicUrl, 'an_s')
}

async function signOut({ db, seams }: SessionDeps, token: Secret, requestId: string): Promise<void> {
  const ended = await endSessionRow(db, hashOf(token), seams.now())
  const user = ended && (await findUser(db, ended.user_id))
  if (user === undefined) return
  await recordAudit(db, {
    actorId: user.id,
    actorName: user.display_name,
    action: 'people.signed_out',
    subject: { kind: 'user', id: user.id, name: user.display_name },
    requestId,
  })
}

/** Ends every session of a person, at once and everywhere. Returns how many there were. Joins the caller's transaction. */
export function endSessionsOf(deps: Pick<SessionDeps, 'db' | 'seams'>, userId: string): Promise<number> {
  return endSessionRowsOf(deps.db, userId, deps.seams.now())
}

function hashOf(token: Secret): Buffer {
  return sha256(token.open('compare'))
}
