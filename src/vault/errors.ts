import { type ErrorList, refusals } from '#kit/refusal.ts'

export const vaultErrors = {
  'vault.sealed': {
    status: 503,
    say: 'The vault is sealed, because its root key is missing or is not the right one. Nothing was lost; put the key file back.',
  },
  'vault.auth': {
    status: 409,
    say: 'A stored secret does not belong to this record, owner and destination, so it was not opened. Enter it again, or sign in again.',
  },
} as const satisfies ErrorList

export const refused = refusals(vaultErrors)
