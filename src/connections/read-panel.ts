import type { CredentialRecord } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readProfileWithScopes } from './entity-profile-queries.ts'
import { scopesFor, signsInSomebody } from './grant.ts'
import { readOAuthAppOfProfile } from './oauth-app-queries.ts'
import { providerOf } from './provider.ts'
import type { TokenPanel } from './token.contract.ts'
import { type PanelExpectation, tokenPanel } from './token-panel.ts'
import { readToken } from './token-queries.ts'

type Surroundings = Pick<ConnectionsDeps, 'db' | 'seams'>
type Credential = Pick<CredentialRecord, 'id' | 'oauth_entity_profile_id' | 'expected_tenant_id' | 'expected_object_id'>

/** The panel of a System credential's token. */
export async function readSystemPanel(deps: Surroundings, credential: Credential): Promise<TokenPanel> {
  const { expected_tenant_id: tenantId, expected_object_id: objectId } = credential
  const expected = tenantId !== null && objectId !== null ? { tenantId, objectId } : null
  return panelOf(deps, credential, { userId: null, expected })
}

/** The panel of one person's own token of a Personal credential. */
export async function readPersonalPanel(
  deps: Surroundings,
  credential: Credential,
  person: { userId: string; microsoft: PanelExpectation },
): Promise<TokenPanel> {
  const { oauth_entity_profile_id: profileId } = credential
  const app = profileId === null ? undefined : await readOAuthAppOfProfile(deps.db, profileId)
  const knowsThem = app === undefined || providerOf(app).knowsOurPeople
  return panelOf(deps, credential, { userId: person.userId, expected: knowsThem ? person.microsoft : 'as_stored' })
}

async function panelOf(
  { db, seams }: Surroundings,
  credential: Credential,
  { userId, expected }: { userId: string | null; expected: PanelExpectation },
): Promise<TokenPanel> {
  const profileId = credential.oauth_entity_profile_id
  const [token, profile] = await Promise.all([
    readToken(db, { credentialId: credential.id, userId }),
    profileId === null ? undefined : readProfileWithScopes(db, profileId),
  ])
  const grantType = profile?.grantType ?? 'authorization_code'
  return tokenPanel(token, {
    expected,
    now: seams.now(),
    profileScopes: scopesFor(grantType, profile?.scopes ?? []),
    asksAgain: !signsInSomebody(grantType),
  })
}
