import { createHmac } from 'node:crypto'
import type { Tenant } from '../tenant.ts'
import type { TimeWindow } from './time-window.ts'

/** Where a client stands in its rounds of delta queries. */
export type DeltaState = {
  mailboxId: string
  /** Frozen when the first round began: to move it, begin anew. */
  window: TimeWindow
  issuedAt: string
  /** The number of the change up to which the client knew everything when this round began. */
  since: number
  /** Null between rounds. */
  page: DeltaPlace | null
  /** Makes two links to the same place differ. */
  nonce?: number
}

export type DeltaPlace =
  /** A full round: the next of the mailbox's items to look at. */
  | { of: 'everything'; at: number; upTo: number }
  /** A round of changes: the last one told, and the last one to tell. */
  | { of: 'changes'; after: number; upTo: number }

/** A state as an opaque token. Only this tenant, since its last reset, can read it. */
export function deltaToken(tenant: Tenant, state: DeltaState): string {
  const text = Buffer.from(JSON.stringify(state)).toString('base64url')
  return `${text}.${sealOf(tenant, text)}`
}

/** What a token says, or null for one this tenant did not write. */
export function readDeltaToken(tenant: Tenant, token: string): DeltaState | null {
  const [text = '', seal] = token.split('.')
  if (text === '' || seal !== sealOf(tenant, text)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as DeltaState
}

function sealOf(tenant: Tenant, text: string): string {
  return createHmac('sha256', tenant.deltaSecret).update(text).digest('base64url').slice(0, 27)
}
