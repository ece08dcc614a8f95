import { sayDay } from '#kit/day.ts'
import { readAliasesOfCredential } from './alias-queries.ts'
import { incompleteBecause } from './client-for.ts'
import { readClientProofs } from './client-proof-queries.ts'
import { readUsesOfCredential } from './connection-queries.ts'
import type { Credential, CredentialRow } from './credential.contract.ts'
import { type CredentialView, readCredentialView } from './credential-queries.ts'
import { valueMissing } from './credential-secret.ts'
import { credentialTypes, sendsItsValue } from './credential-type.ts'
import type { ConnectionsDeps } from './deps.ts'
import { directlyIncompleteBecause } from './direct-grant.ts'
import { refused } from './errors.ts'
import { cautionOf, signsInSomebody } from './grant.ts'
import { readCertificate } from './key-pair.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import { readSystemPanel } from './read-panel.ts'
import { scopeOf, stampOf } from './record.ts'
import type { TokenPanel } from './token.contract.ts'
import { countPersonalTokens } from './token-queries.ts'

type Reading = Pick<ConnectionsDeps, 'db' | 'seams' | 'allowedHosts'>

/** @throws `connections.credential_not_found` */
export async function readCredential(deps: Reading, id: string): Promise<Credential> {
  const view = await readCredentialView(deps.db, id)
  if (view === undefined) throw refused('connections.credential_not_found')
  const because = await noTokenBecause(deps, view)
  const token =
    view.integration_type === 'personal' || sendsItsValue(view.type) ? null : await readSystemPanel(deps, view)
  return {
    ...rowOf(view),
    ...valuesOf(view),
    ...readiness(view, token),
    ...(await usersOf(deps, id)),
    expectedAccount: view.expected_account,
    expectedAccountPinned: view.expected_object_id !== null,
    caution: view.profile_grant_type === null ? null : cautionOf(view.profile_grant_type),
    comments: view.comments,
    token,
    personalTokens: view.integration_type === 'personal' ? await countPersonalTokens(deps.db, id) : null,
    mayGetToken: because === null,
    mayNotGetTokenBecause: because,
  }
}

export function rowOf(view: CredentialView): CredentialRow {
  const profile =
    view.oauth_entity_profile_id === null || view.profile_name === null || view.app_id === null
      ? null
      : {
          id: view.oauth_entity_profile_id,
          name: view.profile_name,
          oauthApp: { id: view.app_id, name: view.app_name ?? '' },
          grantType: view.profile_grant_type ?? 'authorization_code',
        }
  return {
    id: view.id,
    name: view.name,
    applicationScope: scopeOf(view),
    type: view.type,
    active: view.active,
    integrationType: view.integration_type,
    oauthEntityProfile: profile,
    tokenState: stateOf(view),
    tokenAccount: view.token_account_email,
    usedByCount: Number(view.used_by_count ?? 0),
    ...stampOf(view),
  }
}

function stateOf(view: CredentialView): CredentialRow['tokenState'] {
  if (sendsItsValue(view.type)) return valueMissing(view) === null ? 'set' : 'unset'
  return view.integration_type === 'personal' ? 'personal' : (view.token_state ?? 'none')
}

function valuesOf(view: CredentialView) {
  const needsValue = sendsItsValue(view.type) || view.profile_grant_type === 'password'
  return {
    username: view.username,
    destination: sendsItsValue(view.type) ? view.destination : null,
    keyIn: view.key_in,
    keyName: view.key_name,
    value: needsValue
      ? {
          what: credentialTypes[view.type].value,
          isSet: view.secret !== null,
          setAt: view.secret_set_at?.toISOString() ?? null,
          setBy: view.secret_set_by,
        }
      : null,
    certificate: view.certificate === null ? null : shown(view.certificate),
  }
}

function shown(pem: string): Credential['certificate'] {
  const { subject, sha1, sha256, notBefore, expiresAt } = readCertificate(pem)
  return {
    ...{ subject, sha1, sha256, certificate: pem },
    notBefore: notBefore.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

function readiness(view: CredentialView, token: TokenPanel | null): Pick<Credential, 'ready' | 'sentence'> {
  if (!sendsItsValue(view.type)) {
    if (token !== null) return { ready: view.active && token.state === 'ready', sentence: token.sentence }
    return { ready: view.active, sentence: 'Each person has a token of their own.' }
  }
  const missing = valueMissing(view)
  if (missing !== null) return { ready: false, sentence: `Not ready: ${missing[0]?.toLowerCase()}${missing.slice(1)}` }
  if (!view.active) return { ready: false, sentence: 'Its values are set, and it is not active.' }
  const { value } = credentialTypes[view.type]
  const when = view.secret_set_at === null ? '' : ` on ${sayDay(view.secret_set_at)}`
  return { ready: true, sentence: `Ready. The ${value} was set${when} by ${view.secret_set_by ?? 'somebody'}.` }
}

async function usersOf({ db }: Reading, id: string): Promise<Pick<Credential, 'usedBy' | 'usedByAliases'>> {
  const uses = await readUsesOfCredential(db, id)
  const aliases = await readAliasesOfCredential(db, id)
  return {
    usedBy: uses.map((use) => ({
      id: use.id,
      name: use.name,
      active: use.active,
      alias: { id: use.alias_uuid, name: use.alias_name, aliasId: use.alias_id },
    })),
    usedByAliases: aliases.map((alias) => ({ id: alias.id, name: alias.name, aliasId: alias.alias_id })),
  }
}

/** Why Get OAuth Token cannot be pressed now, in the order in which a person would mend it. */
async function noTokenBecause(deps: Reading, view: CredentialView): Promise<string | null> {
  if (sendsItsValue(view.type)) return 'This type of credential needs no token: its value goes with every call.'
  if (view.integration_type === 'personal') {
    return 'This credential is Personal: each person authorises for themselves under My connections.'
  }
  if (!view.active) return 'This credential is not active. Activate it and save.'
  const app = view.app_id === null ? undefined : await readOAuthAppRow(deps.db, view.app_id)
  if (app === undefined || view.profile_grant_type === null)
    return 'Choose the OAuth Entity Profile and save. Saving the OAuth app in the Application Registry generates one.'
  const profile = { id: '', name: view.profile_name ?? '', grantType: view.profile_grant_type, scopes: [] }
  const setup = { credential: view, app, profile, proofs: await readClientProofs(deps.db, app.id) }
  const incomplete = incompleteBecause(deps, setup)
  if (incomplete !== null) return `${incomplete.say} Complete it under System OAuth > Application Registry.`
  if (!signsInSomebody(profile.grantType)) return directlyIncompleteBecause(setup)
  return view.expected_account === null
    ? 'Enter the delegated user’s e-mail and save, so that only that account is accepted.'
    : null
}
