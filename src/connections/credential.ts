import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { globalScopeId } from './application-scope-queries.ts'
import { readUsesOfCredential } from './connection-queries.ts'
import type {
  Credential,
  CredentialRow,
  createCredential as createContract,
  listCredentials as listContract,
  updateCredential as updateContract,
} from './credential.contract.ts'
import {
  type CredentialFilter,
  type CredentialRecord,
  type CredentialView,
  deleteCredentialRow,
  insertCredential,
  listCredentialViews,
  lockCredential,
  readCredentialView,
  updateCredentialRow,
} from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readProfileView } from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { incompleteBecause } from './grant-setup.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import { readSystemPanel } from './read-panel.ts'
import {
  auditChange,
  type BodyOf,
  type Editor,
  listed,
  type QueryOf,
  refusing,
  requireVersion,
  scopeOf,
  sent,
  stampOf,
} from './record.ts'
import { countPersonalTokens, requireSignInAgain } from './token-queries.ts'

export async function listCredentials(deps: ConnectionsDeps, query: QueryOf<typeof listContract> & CredentialFilter) {
  const { rows, total } = await listCredentialViews(deps.db, query)
  return { rows: rows.map(rowOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.credential_not_found` */
export async function readCredential(deps: Pick<ConnectionsDeps, 'db' | 'seams'>, id: string): Promise<Credential> {
  const view = await readCredentialView(deps.db, id)
  if (view === undefined) throw refused('connections.credential_not_found')
  const personal = view.integration_type === 'personal'
  const because = await noTokenBecause(deps.db, view)
  const uses = await readUsesOfCredential(deps.db, id)
  return {
    ...rowOf(view),
    expectedAccount: view.expected_account,
    expectedAccountPinned: view.expected_object_id !== null,
    comments: view.comments,
    usedBy: uses.map((use) => ({
      id: use.id,
      name: use.name,
      active: use.active,
      alias: { id: use.alias_uuid, name: use.alias_name, aliasId: use.alias_id },
    })),
    token: personal ? null : await readSystemPanel(deps, view),
    personalTokens: personal ? await countPersonalTokens(deps.db, id) : null,
    mayGetToken: because === null,
    mayNotGetTokenBecause: because,
  }
}

/** @throws `connections.credential_exists`, `connections.profile_not_found` */
export async function createCredential(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<Credential> {
  const id = deps.seams.newId()
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      await requireProfile(trx, body.oauthEntityProfileId)
      const row = {
        ...columnsOf(body),
        id,
        name: body.name,
        application_scope_id: body.applicationScopeId ?? (await globalScopeId(trx)),
        updated_by: editor.actor.displayName,
      }
      await insertCredential(trx, row)
      await auditChange(trx, editor, { action: 'connections.create_credential', subject: subjectOf(row) })
      return readCredential({ ...deps, db: trx }, id)
    }),
  )
}

/**
 * Saves a credential. Another expected account, profile or integration type means other tokens: the stored ones stop working and a new
 * sign-in is asked for, because they were given for what the record said before.
 * @throws `connections.credential_not_found`, `connections.credential_exists`, `connections.changed_by_someone_else`
 */
export async function updateCredential(
  deps: ConnectionsDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<Credential> {
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockCredential(trx, id)
      if (row === undefined) throw refused('connections.credential_not_found')
      requireVersion(row, version, await readCredential({ ...deps, db: trx }, id))
      await requireProfile(trx, body.oauthEntityProfileId)
      const outdated = outdatedBecause(row, body)
      const pin = changesAccount(row, body) ? { expected_tenant_id: null, expected_object_id: null } : {}
      await updateCredentialRow(trx, id, { ...columnsOf(body), ...pin, updated_by: editor.actor.displayName })
      if (outdated !== null) {
        await requireSignInAgain(trx, [id], { code: 'connections.sign_in_needed', say: outdated, at: deps.seams.now() })
      }
      const details = { fields: Object.keys(body) }
      await auditChange(trx, editor, { action: 'connections.update_credential', subject: subjectOf(row), details })
      return readCredential({ ...deps, db: trx }, id)
    }),
  )
}

/** Deletes a credential with its tokens. @throws `connections.credential_not_found`, `connections.credential_in_use` naming the connections */
export async function deleteCredential(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await transaction(deps.db, async (trx) => {
    const row = await lockCredential(trx, id)
    if (row === undefined) throw refused('connections.credential_not_found')
    const uses = await readUsesOfCredential(trx, id)
    if (uses.length > 0) {
      const say = `The connections ${listed(uses.map(({ name }) => name))} use this credential. Give them another one first.`
      throw refused('connections.credential_in_use', {
        say,
        facts: { connections: uses.map(({ id, name }) => ({ id, name })) },
      })
    }
    await deleteCredentialRow(trx, id)
    await auditChange(trx, editor, { action: 'connections.delete_credential', subject: subjectOf(row) })
  })
}

const constraints = { credentials_name: 'connections.credential_exists' } as const

const subjectOf = ({ id, name }: { id: string; name: string }) => ({ kind: 'credential', id, name })

type Fields = Partial<Omit<BodyOf<typeof updateContract>, 'version'>>

function columnsOf(fields: Fields) {
  return sent({
    name: fields.name,
    active: fields.active,
    integration_type: fields.integrationType,
    oauth_entity_profile_id: fields.oauthEntityProfileId,
    expected_account: fields.expectedAccount,
    comments: fields.comments,
  })
}

async function requireProfile(trx: Database, id: string | null | undefined): Promise<void> {
  if (!id || (await readProfileView(trx, id)) !== undefined) return
  throw refused('connections.profile_not_found', {
    fields: { oauthEntityProfileId: 'This profile does not exist any more. Choose another one.' },
  })
}

/** Why Get OAuth Token cannot be pressed now, in the order in which a person would mend it. */
async function noTokenBecause(db: Database, view: CredentialView): Promise<string | null> {
  if (view.integration_type === 'personal') {
    return 'This credential is Personal: each person authorises for themselves under My connections.'
  }
  if (!view.active) return 'This credential is not active. Activate it and save.'
  const app = view.app_id === null ? undefined : await readOAuthAppRow(db, view.app_id)
  if (app === undefined)
    return 'Choose the OAuth Entity Profile and save. Saving the OAuth app in the Application Registry generates one.'
  const incomplete = incompleteBecause(app)
  if (incomplete !== null) return `${incomplete.say} Complete it under System OAuth > Application Registry.`
  if (view.profile_grant_type === 'authorization_code' && view.expected_account === null) {
    return 'Enter the delegated user’s e-mail and save, so that only that account is accepted.'
  }
  return null
}

function changesAccount(row: CredentialRecord, { expectedAccount }: Fields): boolean {
  return (
    expectedAccount !== undefined &&
    (expectedAccount ?? '').toLowerCase() !== (row.expected_account ?? '').toLowerCase()
  )
}

function outdatedBecause(row: CredentialRecord, fields: Fields): string | null {
  if (fields.integrationType !== undefined && fields.integrationType !== row.integration_type) {
    return 'The integration type was changed. Sign in again.'
  }
  if (fields.oauthEntityProfileId !== undefined && fields.oauthEntityProfileId !== row.oauth_entity_profile_id) {
    return 'The OAuth Entity Profile was changed, and the token was given for the old one. Sign in again.'
  }
  return changesAccount(row, fields) ? 'The expected account was changed. Sign in again as that account.' : null
}

function rowOf(view: CredentialView): CredentialRow {
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
    tokenState: view.integration_type === 'personal' ? 'personal' : (view.token_state ?? 'none'),
    tokenAccount: view.token_account_email,
    usedByCount: Number(view.used_by_count ?? 0),
    ...stampOf(view),
  }
}
