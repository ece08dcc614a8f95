import type { Database } from '#db/database.ts'
import { Refusal } from '#kit/refusal.ts'
import type { Binding } from '#vault/blob.ts'
import type { Vault } from '#vault/vault.ts'
import { readClientProofs } from './client-proof-queries.ts'
import { readCredentialsWithValue } from './credential-queries.ts'
import { type GrantSetup, readGrantSetup } from './grant-setup.ts'
import { readOAuthApps } from './oauth-app-queries.ts'
import {
  accessTokenBinding,
  clientKeyBinding,
  clientSecretBinding,
  credentialSecretBinding,
  refreshTokenBinding,
} from './sealing.ts'
import { readReadyTokensAfter, type TokenRecord } from './token-queries.ts'

/** How many sealed values open where they belong, and which do not. */
export type SealedCheck = { opened: number; failed: { table: string; id: string; column: string; because: string }[] }

type Deps = { db: Database; vault: Vault }

const page = 500
const firstId = '00000000-0000-0000-0000-000000000000'

/**
 * Opens every secret that should open: what OAuth apps prove themselves with, the values of credentials, and both secrets of every token
 * that works. Nothing is changed and nothing leaves.
 */
export async function checkSealed(deps: Deps): Promise<SealedCheck> {
  const check: SealedCheck = { opened: 0, failed: [] }
  await checkProofs(deps, check)
  await checkValues(deps, check)
  await checkTokens(deps, check)
  return check
}

async function checkProofs({ db, vault }: Deps, check: SealedCheck): Promise<void> {
  for (const app of await readOAuthApps(db)) {
    const { secrets, certificates } = await readClientProofs(db, app.id)
    for (const secret of secrets) {
      const at = { table: 'client_secrets', id: secret.id, column: 'value', blob: secret.value }
      tryOpen(vault, check, { ...at, binding: clientSecretBinding(app, secret) })
    }
    for (const key of certificates) {
      const at = { table: 'client_certificates', id: key.id, column: 'private_key', blob: key.private_key }
      tryOpen(vault, check, { ...at, binding: clientKeyBinding(app, key) })
    }
  }
}

async function checkValues({ db, vault }: Deps, check: SealedCheck): Promise<void> {
  for (const credential of await readCredentialsWithValue(db)) {
    const { id, secret: blob, destination } = credential
    const binding = credentialSecretBinding(credential, destination ?? '')
    tryOpen(vault, check, { table: 'credentials', id, column: 'secret', blob, binding })
  }
}

async function checkTokens({ db, vault }: Deps, check: SealedCheck): Promise<void> {
  const setups = new Map<string, GrantSetup | Refusal>()
  for (let afterId = firstId; ; ) {
    const tokens = await readReadyTokensAfter(db, afterId, page)
    for (const token of tokens) checkToken(vault, check, { token, setup: await setupOf(db, setups, token) })
    if (tokens.length < page) return
    afterId = tokens.at(-1)?.id ?? afterId
  }
}

/** A token whose credential is only half set up is named like one that does not open: nobody can use it either. */
async function setupOf(
  db: Database,
  known: Map<string, GrantSetup | Refusal>,
  { credential_id: id }: TokenRecord,
): Promise<GrantSetup | Refusal> {
  const setup = known.get(id) ?? (await readGrantSetup(db, id).catch(refusalOnly))
  known.set(id, setup)
  return setup
}

function refusalOnly(problem: unknown): Refusal {
  if (problem instanceof Refusal) return problem
  throw problem
}

function checkToken(
  vault: Vault,
  check: SealedCheck,
  { token, setup }: { token: TokenRecord; setup: GrantSetup | Refusal },
): void {
  const { id, access_token: access, refresh_token: refresh } = token
  const at = { table: 'tokens', id }
  if (setup instanceof Refusal) {
    check.failed.push({ ...at, column: 'access_token', because: setup.code })
    return
  }
  const { apiUrl, app } = setup
  tryOpen(vault, check, { ...at, column: 'access_token', blob: access, binding: accessTokenBinding(token, apiUrl) })
  tryOpen(vault, check, { ...at, column: 'refresh_token', blob: refresh, binding: refreshTokenBinding(token, app) })
}

type Value = { table: string; id: string; column: string; blob: Buffer | null; binding: Binding }

function tryOpen(vault: Vault, check: SealedCheck, { table, id, column, blob, binding }: Value): void {
  if (blob === null) return
  try {
    vault.open(blob, binding)
    check.opened += 1
  } catch (problem) {
    check.failed.push({ table, id, column, because: refusalOnly(problem).code })
  }
}
