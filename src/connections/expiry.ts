import { transaction } from '#db/transaction.ts'
import type { Post } from '#mail/post.ts'
import { addressOf, type RoleHolder, roleHolders } from '#people/role-holder.ts'
import type { ConnectionsDeps } from './deps.ts'
import type { Expiry } from './expiry.contract.ts'
import { type ExpiringRow, noteWarning, readExpiring, warnedKind } from './expiry-queries.ts'
import { onlySecretLabel } from './stored-client-secret.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Warnings are given when so many days are left; who was not there for one gets the next. */
const warningDays = [60, 30, 7, 1] as const
/** A secret lives up to two years at Microsoft; a year ahead is a calendar, more is noise. */
const shownDays = 400
const shownMax = 500

/** What expires, the soonest first. */
export async function listExpiries({ db, seams }: ConnectionsDeps): Promise<{ expiries: Expiry[] }> {
  const now = seams.now()
  const rows = await readExpiring(db, {
    secretsBefore: new Date(now.getTime() + shownDays * dayMs),
    tokensBefore: new Date(now.getTime() + warningDays[0] * dayMs),
    limit: shownMax,
  })
  return { expiries: rows.map((row) => expiryOf(row, now)) }
}

/**
 * Writes to everybody who can do something about what expires within 60, 30, 7 and 1 days: each warning once, however often and wherever
 * this runs. The warning is noted in the transaction that posts its letters, so there is one exactly when there are the others.
 */
export async function warnOfExpiry(deps: ConnectionsDeps & { post: Post }): Promise<void> {
  const now = deps.seams.now()
  const before = new Date(now.getTime() + (warningDays[0] + 1) * dayMs)
  for (const row of await readExpiring(deps.db, { secretsBefore: before, tokensBefore: before, limit: shownMax })) {
    const due = warningDueAt(daysLeft(row, now))
    if (due === null || row.covered) continue
    await transaction(deps.db, (trx) => warn({ ...deps, db: trx }, { row, due, now })).catch((problem: unknown) =>
      deps.log.error(
        { subject: row.subject_name, problem: String(problem) },
        'a warning of expiry could not be written',
      ),
    )
  }
}

/** The nearest mark that is reached: with 5 days left the warning of 7. Null while there is time, and long after the end. */
export function warningDueAt(days: number): number | null {
  if (days < -1) return null
  return warningDays.toReversed().find((mark) => days <= mark) ?? null
}

type Due = { row: ExpiringRow; due: number; now: Date }

async function warn(deps: ConnectionsDeps & { post: Post }, { row, due, now }: Due): Promise<void> {
  const people = await whoCanAct(deps, row)
  const noted = await noteWarning(deps.db, {
    subject_kind: warnedKind(row),
    subject_id: row.warning_id,
    expires_on: row.expires_on,
    days_before: due,
    told: people.map(({ email }) => email).join(', '),
  })
  if (!noted) return
  const { say, subject, whoMustAct } = expiryOf(row, now)
  const path = whoMustAct === 'person' ? '/my-connections' : pathOf(row)
  for (const person of people) {
    const text = `${person.name},\n\n${say}\n\n${deps.publicUrl}${path}\n\n${whySent(row)}\n`
    const ends = row.kind === 'consent' ? 'its consent was taken back' : endsIn(daysLeft(row, now))
    const letter = { to: person, subject: `${subject.name}: ${ends}`, text }
    await deps.post(deps.db, letter, 'connections.warn_of_expiry')
  }
}

async function whoCanAct(
  { db }: ConnectionsDeps,
  { subject_kind: at, user_id: userId }: ExpiringRow,
): Promise<RoleHolder[]> {
  if (at === 'oauth_app') return roleHolders(db, ['oauth_admin', 'admin'])
  if (userId === null) return roleHolders(db, ['credential_admin', 'admin'])
  const person = await addressOf(db, userId)
  return person === undefined ? [] : [person]
}

function expiryOf(row: ExpiringRow, now: Date): Expiry {
  return {
    kind: row.kind,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    label: row.label,
    covered: row.covered,
    account: row.account,
    expiresOn: row.expires_on,
    daysLeft: daysLeft(row, now),
    whoMustAct: row.user_id === null ? 'administrator' : 'person',
    say: sayOf(row, now),
    warnedAt: row.warned_at?.toISOString() ?? null,
  }
}

function whySent({ kind }: ExpiringRow): string {
  return kind === 'consent' ? 'Anteroom sends this once.' : 'Anteroom sends this 60, 30, 7 and 1 days before.'
}

function sayOf(row: ExpiringRow, now: Date): string {
  if (row.kind === 'consent') return sayConsent(row)
  const when = `${endsIn(daysLeft(row, now))} (${row.expires_on})`
  if (row.kind !== 'token') return `${whatOf(row)} ${when}. ${row.covered ? sayCovered : whatToDo(row)}`
  const button = row.user_id === null ? 'Get OAuth Token' : 'Renew under My connections'
  return `The permission of ${row.account ?? 'the application'} for ${row.subject_name} ${when}, because it could not be renewed. Press ${button}.`
}

function sayConsent({ account, subject_name: name, user_id: userId, expires_on: day }: ExpiringRow): string {
  const button = userId === null ? 'Get OAuth Token' : 'Renew under My connections'
  const then = 'If the provider then asks for approval, an administrator of it has to consent.'
  return `The consent of ${account ?? 'the application'} for ${name} is missing since ${day}, so nothing is done with that permission. Press ${button}. ${then}`
}

function whatOf({ kind, label, subject_name: name }: ExpiringRow): string {
  const what = kind === 'client_secret' ? 'client secret' : 'certificate'
  const which = label === null || label === onlySecretLabel ? '' : ` “${label}”`
  return `The ${what}${which} of ${name}`
}

function whatToDo({ kind, subject_kind: at }: ExpiringRow): string {
  if (kind === 'client_secret')
    return 'Then nobody’s token can be renewed. Make a new one at the provider and add it to the OAuth app; both work until this one ends.'
  if (at === 'credential')
    return 'Then the server lets nobody in. Generate a new one on the credential and have the server trust it.'
  return 'Then nobody’s token can be renewed. Generate a new one on the OAuth app and upload it at the provider; both work until this one ends.'
}

const sayCovered = 'Another one that works lasts longer, so nothing ends with it. Remove it when it has ended.'

function endsIn(days: number): string {
  if (days < 0) return 'has expired'
  if (days === 0) return 'expires today'
  return days === 1 ? 'expires tomorrow' : `expires in ${days} days`
}

function daysLeft({ expires_on: day }: ExpiringRow, now: Date): number {
  return Math.round((Date.parse(day) - Date.parse(now.toISOString().slice(0, 10))) / dayMs)
}

const pathOf = (row: ExpiringRow) =>
  row.subject_kind === 'oauth_app' ? `/console/oauth-apps/${row.subject_id}` : `/console/credentials/${row.subject_id}`
