import type { VaultKeys } from '#vault/contract.ts'
import type { Meaning } from '../design/meaning.tsx'

export type RotationWords = { meaning: Meaning; title: string; text: string }

/** How far a change of key is, in a sentence; null when none is under way. */
export function rotationWords({ keys, processes }: VaultKeys): RotationWords | null {
  const pending = keys.find(({ state }) => state === 'pending')
  if (pending !== undefined) {
    const text = `${pending.knownTo} of ${processes} running processes can use the new key. It is used when all can.`
    return { meaning: 'waiting', title: 'A new key is being distributed', text }
  }
  const old = keys.filter(({ state, rewrappedAt }) => state === 'decrypt_only' && rewrappedAt === null)
  const left = old.reduce((sum, { values }) => sum + values, 0)
  if (old.length === 0) return null
  const text =
    left > 0
      ? `${left} values are still to be wrapped with the new key. Tokens work meanwhile.`
      : 'Everything is wrapped with the new key. For half a minute more, a slow process might still use the old one.'
  return { meaning: 'waiting', title: 'Values are being wrapped with the new key', text }
}
