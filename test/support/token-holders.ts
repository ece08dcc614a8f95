import { randomBytes, randomUUID } from 'node:crypto'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { type GrantSetup, readGrantSetup } from '#connections/grant-setup.ts'
import { sealTokens } from '#connections/sealing.ts'
import { realSeams } from '#kit/seams.ts'
import { Secret } from '#kit/secret.ts'
import { grantConsent } from '../../emulator/entra/consent.ts'
import type { Tenant } from '../../emulator/tenant.ts'
import { contoso } from './connections-server.ts'

export type TokenHolder = { userId: string; objectId: string; tokenId: string; upn: string }

export type Holders = {
  credentialId: string
  count: number
  /** How long the access tokens still last; below zero they have ended. */
  lifeMs: number
  /** Where the refresh tokens are good; without one they are invented. */
  tenant?: Tenant
}

/** About what Entra sends: an access token of a person with a few scopes. */
const accessTokenBytes = 1_500
const batch = 500

/** Many people who have authorised a Personal credential, as if each had signed in: known here, at the tenant, and with a sealed token. */
export async function plantTokenHolders(deps: ConnectionsDeps, holders: Holders): Promise<TokenHolder[]> {
  const setup = await readGrantSetup(deps.db, holders.credentialId)
  const people = Array.from({ length: holders.count }, personOf)
  for (let from = 0; from < people.length; from += batch) {
    await plantBatch(deps, { setup, holders, people: people.slice(from, from + batch) })
  }
  return people
}

type Batch = { setup: GrantSetup; holders: Holders; people: TokenHolder[] }

async function plantBatch(deps: ConnectionsDeps, { setup, holders, people }: Batch): Promise<void> {
  const users = people.map(({ userId, objectId, upn }) => ({
    id: userId,
    tenant_id: contoso.tenantId,
    object_id: objectId,
    email: upn,
    display_name: upn,
    password_hash: null,
    last_sign_in_at: null,
  }))
  await deps.db.insertInto('users').values(users).execute()
  const tokens = people.map((person) => tokenOf(deps, { setup, holders, person }))
  await deps.db.insertInto('tokens').values(tokens).execute()
}

function tokenOf(
  deps: ConnectionsDeps,
  { setup, holders, person }: { setup: GrantSetup; holders: Holders; person: TokenHolder },
) {
  const refreshToken = randomBytes(60).toString('base64url')
  if (holders.tenant) plantAtTenant(holders.tenant, { setup, person, refreshToken })
  const record = { id: person.tokenId, credential_id: setup.credential.id, user_id: person.userId, secret_version: 1 }
  const now = deps.seams.now()
  return {
    ...record,
    ...sealTokens(deps.vault, record, {
      ...setup,
      accessToken: new Secret(randomBytes(accessTokenBytes).toString('base64url')),
      refreshToken: new Secret(refreshToken),
    }),
    oauth_app_id: setup.app.id,
    state: 'ready' as const,
    account_tenant_id: contoso.tenantId,
    account_object_id: person.objectId,
    account_name: person.upn,
    account_email: person.upn,
    scopes_asked: setup.profile.scopes,
    scopes_granted: setup.profile.scopes,
    access_expires_at: new Date(now.getTime() + holders.lifeMs),
    works_until: new Date(now.getTime() + 90 * 24 * 3_600_000),
    obtained_by: person.upn,
    obtained_by_id: person.userId,
    obtained_at: now,
    last_used_at: now,
  }
}

function plantAtTenant(
  tenant: Tenant,
  { setup, person, refreshToken }: { setup: GrantSetup; person: TokenHolder; refreshToken: string },
): void {
  const model = tenant.findUser('alice.meyer@contoso.example')
  if (model === undefined) throw new Error('the tenant has no Alice')
  const { app, profile } = setup
  const at = tenant.now().toISOString()
  tenant.users.put({ ...model, id: person.objectId, userPrincipalName: person.upn, mail: person.upn })
  grantConsent(tenant, app.client_id, person.objectId, profile.scopes)
  tenant.refreshTokens.put({
    id: refreshToken,
    clientId: app.client_id,
    userId: person.objectId,
    scopes: profile.scopes,
    issuedAt: at,
    lastUsedAt: at,
    revokedAt: null,
    spentAt: null,
  })
}

let serial = 0

function personOf(): TokenHolder {
  serial += 1
  const upn = `person${serial}.${randomBytes(3).toString('hex')}@contoso.example`
  return { userId: realSeams.newId(), objectId: randomUUID(), tokenId: realSeams.newId(), upn }
}
