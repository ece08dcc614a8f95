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
  'vault.key_unknown': {
    status: 503,
    say: 'A stored secret was sealed with a key that this server has not learned yet, or that was destroyed. Try again in a few seconds; if it stays so, enter the secret again, or sign in again.',
  },
  'vault.rotation_under_way': {
    status: 409,
    say: 'A change of key is under way. See how far it is with anteroom key list, or on the page Keys.',
  },
  'vault.key_not_found': { status: 404, say: 'There is no such key. anteroom key list shows which there are.' },
  'vault.key_in_use': {
    status: 409,
    say: 'This key is still needed. anteroom key list says what for.',
  },
  'vault.reset_refused': {
    status: 409,
    say: 'Nothing was reset. The key is not lost, or another installation was meant.',
  },
} as const satisfies ErrorList

export const refused = refusals(vaultErrors)
