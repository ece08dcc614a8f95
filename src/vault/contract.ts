import { z } from 'zod'
import { endpoint } from '#http/contract.ts'

export const vaultKey = z.object({
  id: z.number().int().describe('Stands in front of everything that it sealed'),
  state: z
    .enum(['pending', 'primary', 'decrypt_only', 'destroyed'])
    .describe(
      'pending: distributed, seals nothing yet. primary: seals. decrypt_only: opens what it sealed. destroyed: neither',
    ),
  createdAt: z.iso.datetime(),
  primaryAt: z.iso.datetime().nullable(),
  rewrappedAt: z.iso.datetime().nullable().describe('Since when nothing is sealed with it any more'),
  values: z.number().int().describe('How many tokens, client secrets, private keys and other values it seals now'),
  knownTo: z.number().int().describe('How many of the running processes can use it'),
})
export type VaultKey = z.infer<typeof vaultKey>

export const vaultKeys = z.object({ keys: z.array(vaultKey), processes: z.number().int() })
export type VaultKeys = z.infer<typeof vaultKeys>

export const readVaultKeys = endpoint({
  method: 'GET',
  path: '/api/vault/keys',
  summary: 'The keys that seal every stored secret, and how far a change of them is',
  access: ['admin'],
  answer: vaultKeys,
})

export const rotateVaultKey = endpoint({
  method: 'POST',
  path: '/api/vault/rotation',
  summary: 'Begin a change to a new key of the same root key; everything goes on meanwhile',
  access: ['admin'],
  answer: vaultKeys,
  status: 202,
  errors: ['vault.rotation_under_way', 'vault.sealed', 'http.recent_sign_in_required'],
})
