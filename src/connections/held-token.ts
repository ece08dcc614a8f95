import type { Tally } from '#audit/tally.ts'
import type { Secret } from '#kit/secret.ts'
import type { Vault } from '#vault/vault.ts'
import { renewAheadMs } from './refresh-schedule.ts'
import { accessTokenBinding } from './sealing.ts'
import type { TokenRecord } from './token-queries.ts'
import type { Use } from './token-use.ts'

/** A token's record at hand, with what every use of it asks worked out once. Its secrets stay sealed: each use opens the seal anew. */
export class HeldToken {
  readonly record: TokenRecord
  /** When the access token ends; zero when there is none. */
  readonly endsAtMs: number
  /** From when on it is renewed although it still works. */
  readonly renewFromMs: number
  /** The tally that its last use went into: most uses are like the last one. */
  counted: { use: Use; aliasId: string | null; tally: Tally } | null = null
  #opening: { vault: Vault; apiUrl: string; open: () => Secret } | null = null

  constructor(record: TokenRecord) {
    this.record = record
    this.endsAtMs = record.access_expires_at?.getTime() ?? 0
    this.renewFromMs = this.endsAtMs - renewAheadMs(record)
  }

  /** @throws `vault.auth` when it was sealed for another address than this one */
  open(vault: Vault, apiUrl: string, blob: Buffer): Secret {
    if (this.#opening?.apiUrl === apiUrl && this.#opening.vault === vault) return this.#opening.open()
    const open = vault.opener(blob, accessTokenBinding(this.record, apiUrl))
    this.#opening = { vault, apiUrl, open }
    return open()
  }
}
