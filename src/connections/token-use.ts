import { type AuditEntry, recordAudit } from '#audit/audit.ts'
import { openTallies, type TalliedPart, type Tallies, type TalliesDeps, type Tally } from '#audit/tally.ts'
import type { CredentialRecord } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import type { HeldToken } from './held-token.ts'
import type { Editor } from './record.ts'
import { noteUses, type TokenRecord } from './token-queries.ts'

/** On whose behalf a credential is used, what for, and within which request: what the audit trail says of it. */
export type Use = {
  /** Null: Anteroom by itself. */
  by: { id: string; name: string } | null
  purpose: string | null
  requestId: string | null
  /** How whoever asked was recognised. */
  via?: string
}

export const byItself = (purpose: string): Use => ({ by: null, purpose, requestId: null })

export function onBehalfOf({ actor, requestId }: Editor, purpose: string | null): Use {
  return { by: { id: actor.userId, name: actor.displayName }, purpose, requestId, via: actor.via }
}

type About = {
  credential: Pick<CredentialRecord, 'id' | 'name'>
  /** Null where the credential's value is sent as it is. */
  token: Pick<TokenRecord, 'id' | 'account_email'> | null
  use: Use
  /** Through which alias, where one was resolved. */
  aliasId?: string | null
}

/** An entry about a credential's token or value, whatever happens to it: with the account, the reason and the alias. */
export function credentialEntry(
  action: `connections.${string}`,
  { credential, token, use, aliasId = null }: About,
  details: Record<string, unknown> = {},
): AuditEntry {
  const { by, purpose, requestId, via } = use
  return {
    actorId: by?.id ?? null,
    actorName: by?.name ?? 'system',
    action,
    subject: { kind: 'credential', id: credential.id, name: credential.name },
    details: { account: token?.account_email, token: token?.id, alias: aliasId, purpose, via, ...details },
    requestId,
  }
}

/**
 * Notes one use of a token, before the token leaves. One entry a minute for the same token, purpose, alias and person; nothing has to be
 * waited for while the last one is younger.
 */
export function noteUse(
  deps: ConnectionsDeps,
  held: HeldToken,
  about: Omit<About, 'token'>,
): Promise<void> | undefined {
  const { use, aliasId = null } = about
  if (held.counted === null || held.counted.tally.isOver || !isSame(held.counted, use, aliasId)) {
    held.counted = { use, aliasId, tally: tallyOf(deps, 'connections.use_token', { ...about, token: held.record }) }
  }
  return held.counted.tally.count()
}

/** Counts the same kind of entry for something else that is done with credentials again and again. */
export function tallyOf(deps: ConnectionsDeps, action: `connections.${string}`, about: About): Tally {
  const { credential, token, use, aliasId } = about
  const entry = () => credentialEntry(action, about)
  const key = `${action} ${token?.id ?? credential.id} ${aliasId} ${use.by?.id} ${use.via} ${use.purpose}`
  return deps.uses?.of(key, entry) ?? { count: (part) => writeAtOnce(deps, entry(), part), isOver: true }
}

/** The tallies of one process, which keep the tokens' last use up to date as well. */
export function openUses(deps: Omit<TalliesDeps, 'afterwards'>): Tallies {
  return openTallies({ ...deps, afterwards: (entries) => noteUses(deps.db, tokensIn(entries), deps.seams.now()) })
}

function isSame(
  counted: NonNullable<HeldToken['counted']>,
  { by, purpose, via }: Use,
  aliasId: string | null,
): boolean {
  const { use } = counted
  return use.purpose === purpose && counted.aliasId === aliasId && use.by?.id === by?.id && use.via === via
}

/** Where nobody counts, as in a test of something else: every use is an entry. */
async function writeAtOnce({ db, seams }: ConnectionsDeps, entry: AuditEntry, part?: TalliedPart): Promise<void> {
  const now = seams.now()
  const times = { count: 1, first: now.toISOString(), last: now.toISOString() }
  const calls = part === undefined ? {} : { calls: [{ ...part, count: 1 }] }
  await recordAudit(db, { ...entry, details: { ...entry.details, ...times, ...calls } })
  await noteUses(db, tokensIn([entry]), now)
}

function tokensIn(entries: readonly AuditEntry[]): string[] {
  return [...new Set(entries.map(({ details }) => details?.token).filter((id) => typeof id === 'string'))]
}
