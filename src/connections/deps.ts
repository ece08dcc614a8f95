import type { Tallies } from '#audit/tally.ts'
import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import type { StandIns } from '#kit/stand-ins.ts'
import type { Vault } from '#vault/vault.ts'
import type { TokenMemory } from './token-memory.ts'

/** `by` begins a sentence: "Reservations in personal mode". */
export type AskedByName = { aliasId: string; by: string }

/** A record of another feature that points to an alias, which must stay below another one. `by`: "the calendar provider Exchange Online". */
export type AliasPointer = { aliasId: string; by: string; below: string }

/** What this feature needs from outside. `seams.fetch` already follows the stand-ins; `standIns` is for browser addresses. */
export type ConnectionsDeps = {
  db: Database
  seams: Seams
  log: Log
  vault: Vault
  /** Origin that browsers use, without a trailing slash. Redirect URIs are built from it and never from a request. */
  publicUrl: string
  standIns: StandIns
  /** Hosts besides the provider's own that credentials may be sent to, as the operator set them. */
  allowedHosts?: readonly string[]
  /** May access tokens leave at all? Set by the operator; off unless said otherwise. */
  releaseTokens?: boolean
  /** Parts of Anteroom that ask for an alias by its name, so that it keeps that name. */
  askedByName?: readonly AskedByName[]
  /** Records of other features that point to aliases by record id. */
  pointersToAliases?: (db: Database) => Promise<readonly AliasPointer[]>
  publish: (change: Change) => void
  /** What this process remembers of tokens; without it every use reads the database. */
  memory?: TokenMemory
  /** Counts uses of credentials for the audit trail; without it every use is an entry. */
  uses?: Tallies
  /** How long a refresh holds its lease, its callers wait (less than that) and its call is kept open. Tests shorten them. */
  refreshTimes?: { leaseMs: number; callMs: number; patienceMs?: number }
  /** Called after a personal token was stored, so that what waited for it can go on. */
  onPersonalToken?: (userId: string, credentialId: string) => Promise<void>
  /** The same for a System credential's token: whoever could not act without it may try again. */
  onSystemToken?: (credentialId: string) => Promise<void>
}
