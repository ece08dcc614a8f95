import {
  type ClientCertificateRecord,
  type ClientProofs,
  type ClientSecretRecord,
  noteRefused,
  noteWorked,
} from './client-proof-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import type { ClientProof } from './oauth-client.ts'

/** What was refused goes behind the others for so long: long enough to spare every request a try that fails, short enough to notice that it was mended. */
const behindMs = 10 * 60 * 1000

/** An accepted one is noted again after so long, so that its form can say when it last worked. */
const workedEveryMs = 24 * 60 * 60 * 1000

type Tried = { refused_at: Date | null }

/**
 * Client secrets in the order in which they are tried: the one that last worked first, those without a day or with a later one before those
 * whose day has come. A day is what somebody typed, so an expired one is tried last and not left out.
 */
export function secretsInOrder(secrets: readonly ClientSecretRecord[], now: Date): ClientSecretRecord[] {
  const today = now.toISOString().slice(0, 10)
  const expired = ({ expires_on: day }: ClientSecretRecord) => Number(day !== null && day < today)
  return secrets.toSorted(
    (a, b) =>
      behind(a, now) - behind(b, now) ||
      expired(a) - expired(b) ||
      timeOf(b.worked_at) - timeOf(a.worked_at) ||
      timeOf(b.set_at) - timeOf(a.set_at),
  )
}

/** Certificates that may be used, the newest first: it is the one that a rollover goes to. */
export function certificatesInOrder(
  certificates: readonly ClientCertificateRecord[],
  now: Date,
): ClientCertificateRecord[] {
  return certificates
    .filter(({ active, not_before: from, expires_at: until }) => active && from <= now && now < until)
    .toSorted((a, b) => behind(a, now) - behind(b, now) || timeOf(b.not_before) - timeOf(a.not_before))
}

/** Writes down how a try ended, where that says something new. What cannot be written down is no reason to lose a token. */
export async function noteProof(
  { db, seams, log }: Pick<ConnectionsDeps, 'db' | 'seams' | 'log'>,
  proof: ClientProof,
  { ended, first }: { ended: 'worked' | 'refused'; first: boolean },
): Promise<void> {
  if (proof.is === 'nothing') return
  const table = proof.is === 'secret' ? 'client_secrets' : 'client_certificates'
  const at = seams.now()
  const { id, workedAt } = proof
  try {
    if (ended === 'refused') await noteRefused(db, table, { id, at, everyMs: behindMs })
    else if (!first || at.getTime() - timeOf(workedAt) > workedEveryMs) await noteWorked(db, table, { id, at })
  } catch (problem) {
    log.warn(
      { table, id, problem: String(problem) },
      'how a client secret or certificate was received could not be noted',
    )
  }
}

/** Nothing at all, so that a form can say so. */
export const noProofs: ClientProofs = { secrets: [], certificates: [] }

function behind({ refused_at: at }: Tried, now: Date): number {
  return Number(at !== null && now.getTime() - at.getTime() < behindMs)
}

const timeOf = (at: Date | null) => at?.getTime() ?? 0
