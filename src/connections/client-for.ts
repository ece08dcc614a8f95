import { certificatesInOrder, noteProof, secretsInOrder } from './client-proof.ts'
import type { ClientCertificateRecord, ClientProofs } from './client-proof-queries.ts'
import type { GrantType } from './contract.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { OAuthAppRecord } from './grant-setup.ts'
import type { ClientProof, OAuthClient, Signer } from './oauth-client.ts'
import { type Incomplete, providerOf } from './provider.ts'
import { clientKeyBinding, clientSecretBinding, requireOpenVault } from './sealing.ts'

type ClientDeps = Pick<ConnectionsDeps, 'db' | 'seams' | 'vault' | 'log' | 'allowedHosts'>

/** An OAuth app with what it may prove itself with, and what is to be asked of it. */
export type ClientSetup = { app: OAuthAppRecord; proofs: ClientProofs; profile: { grantType: GrantType } }

/** What the administrator still has to fill in before this app can be used for this grant, or null. */
export function incompleteBecause(
  { seams, allowedHosts = [] }: Pick<ConnectionsDeps, 'seams' | 'allowedHosts'>,
  { app, proofs, profile: { grantType } }: ClientSetup,
): Incomplete | null {
  const named = (problem: Incomplete | null) => problem && { ...problem, say: `${app.name}: ${problem.say}` }
  if (!app.active) return { field: 'active', say: `${app.name} is not active.` }
  if (app.client_id === '') return { field: 'clientId', say: `${app.name} has no client ID.` }
  const provider = providerOf(app)
  const address = provider.addressProblem(app, { grantType, hosts: allowedHosts })
  if (address !== null) return named(address)
  const grant = provider.grantProblem(grantType)
  if (grant !== null) return named({ field: 'defaultGrantType', say: grant })
  return named(audienceProblem(app)) ?? proofProblem({ app, proofs, grantType }, seams.now())
}

/**
 * The client as it speaks to the token endpoint, its secrets opened.
 * @throws `connections.oauth_app_incomplete`, `connections.vault_sealed`, `vault.auth`
 */
export function clientFor(deps: ClientDeps, setup: ClientSetup): OAuthClient {
  const missing = incompleteBecause(deps, setup)
  const { app, profile } = setup
  if (missing !== null) throw incomplete(app, missing)
  requireOpenVault(deps.vault)
  const signers = signersOf(deps, setup)
  const proofs = proofsOf(deps, setup, signers)
  return {
    clientId: app.client_id,
    authentication: app.client_authentication,
    proofs: proofs.length === 0 ? [{ is: 'nothing' }] : proofs,
    tokenUrl: app.token_url,
    accessTokenSeconds: app.access_token_lifespan_seconds,
    audience: app.assertion_audience === 'issuer' ? app.issuer : app.token_url,
    signers: profile.grantType === 'jwt_bearer' ? signers : [],
    note: (proof, ended) => noteProof(deps, proof, { ended, first: proof === proofs[0] }),
  }
}

function proofsOf(
  { seams, vault }: ClientDeps,
  { app, proofs }: ClientSetup,
  signers: readonly Signer[],
): ClientProof[] {
  if (app.client_authentication === 'private_key_jwt') {
    const workedAt = (id: string) => proofs.certificates.find((one) => one.id === id)?.worked_at ?? null
    return signers.map((signer) => ({ is: 'certificate', id: signer.id, signer, workedAt: workedAt(signer.id) }))
  }
  return secretsInOrder(proofs.secrets, seams.now()).map((row) => ({
    is: 'secret',
    id: row.id,
    secret: vault.open(row.value, clientSecretBinding(app, row)),
    workedAt: row.worked_at,
  }))
}

/** Keys are opened only where they sign something. */
function signersOf({ seams, vault }: ClientDeps, { app, proofs, profile }: ClientSetup): Signer[] {
  if (app.client_authentication !== 'private_key_jwt' && profile.grantType !== 'jwt_bearer') return []
  return certificatesInOrder(proofs.certificates, seams.now()).map((row) => ({
    id: row.id,
    thumbprint: row.thumbprint,
    privateKey: vault.open(row.private_key, clientKeyBinding(app, row)),
  }))
}

/**
 * An assertion for the issuer is good at every endpoint of that issuer, so it may only be sent to the issuer's own host: a Token URL elsewhere
 * would collect assertions that are good at the honest one (draft-ietf-oauth-security-topics-update, audience injection).
 */
function audienceProblem(app: OAuthAppRecord): Incomplete | null {
  if (app.assertion_audience === 'token_url') return null
  if (URL.parse(app.issuer)?.origin === URL.parse(app.token_url)?.origin) return null
  const say =
    'Assertions may be for the Issuer only where the Token URL is on the Issuer’s host. Let them be for the Token URL.'
  return { field: 'assertionAudience', say }
}

function proofProblem(
  { app, proofs, grantType }: { app: OAuthAppRecord; proofs: ClientProofs; grantType: GrantType },
  now: Date,
): Incomplete | null {
  const byCertificate = app.client_authentication === 'private_key_jwt'
  if (byCertificate || grantType === 'jwt_bearer') {
    if (certificatesInOrder(proofs.certificates, now).length === 0) return noCertificate(app, proofs.certificates, now)
  }
  if (byCertificate || grantType === 'jwt_bearer' || proofs.secrets.length > 0) return null
  return { field: 'clientSecret', say: `${app.name} has no client secret.` }
}

function noCertificate({ name }: OAuthAppRecord, all: readonly ClientCertificateRecord[], now: Date): Incomplete {
  const field = 'certificates'
  if (all.length === 0) return { field, say: `${name} has no certificate. Generate a key pair, or upload one.` }
  const expired = all.every(({ expires_at: until }) => until <= now)
  return {
    field,
    say: `${name} has certificates, and ${expired ? 'all of them have expired' : 'none of them is active'}.`,
  }
}

function incomplete(app: OAuthAppRecord, { field, say }: Incomplete) {
  return refused('connections.oauth_app_incomplete', {
    say: `${say} Complete it under System OAuth > Application Registry.`,
    fields: { [field]: say },
    facts: { oauthAppId: app.id },
  })
}
