import { transaction } from '#db/transaction.ts'
import { type Actor, hasRole } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { createAlias, readAlias } from './alias.ts'
import { globalScopeId } from './application-scope-queries.ts'
import { createConnection } from './connection.ts'
import { createCredential, generateCredentialKeyPair } from './credential.ts'
import type { ConnectionsDeps } from './deps.ts'
import { addressesOfTenant } from './entra-templates.ts'
import { refused } from './errors.ts'
import { type IssuerAddresses, readIssuerAddresses } from './issuer-addresses.ts'
import type { OAuthApp } from './oauth-app.contract.ts'
import { createApp } from './oauth-app.ts'
import type { Editor } from './record.ts'
import type { Template, TemplateValues } from './template.contract.ts'
import { type Recipe, recipeOf, recipes } from './template-recipe.ts'

/** The templates as forms show them. */
export function listTemplates(): Template[] {
  return recipes.map(({ parentAlias: _, oauth: __, ...template }) => template)
}

/** The alias's name: what was typed, without spaces. */
export const aliasNameOf = (name: string) => name.trim().replaceAll(/\s+/g, '_')

/**
 * Makes the OAuth app with its profile where there is one, the credential, the alias and the connection, all in one transaction through the same
 * verbs as their forms, so that they are held to the same rules and leave the same trail.
 *
 * @throws `http.role_required`, `connections.template_not_found`, `connections.template_incomplete`, and what the verbs refuse with; then nothing was made
 */
export async function makeFromTemplate(deps: ConnectionsDeps, key: string, values: TemplateValues, editor: Editor) {
  const recipe = recipeOf(key)
  requireAllRoles(editor.actor, recipe)
  requireFilled(recipe, values)
  const addresses = await addressesOf(deps, recipe, values)
  return transaction(deps.db, async (trx) => {
    const within = { ...deps, db: trx }
    const parent = recipe.parentAlias === null ? null : await readAlias(trx, recipe.parentAlias)
    const scopeId = parent?.applicationScope.id ?? values.applicationScopeId ?? (await globalScopeId(trx))
    const making = { deps: within, recipe, values, scopeId, editor }
    const app = await makeApp(making, addresses)
    const credential = await makeCredential(making, app)
    const alias = await createAlias(
      within,
      {
        name: aliasNameOf(values.name),
        applicationScopeId: scopeId,
        parentId: parent?.id ?? null,
        description: `Made from the template ${recipe.title}.`,
      },
      editor,
    )
    const connection = await createConnection(
      within,
      {
        name: values.name,
        aliasId: alias.id,
        credentialId: credential.id,
        connectionUrl: values.connectionUrl || null,
      },
      editor,
    )
    return {
      aliasId: alias.id,
      aliasText: alias.aliasId,
      connectionId: connection.id,
      credentialId: credential.id,
      oauthAppId: app?.id ?? null,
      redirectUrl: app?.redirectUrl ?? null,
    }
  })
}

type Making = { deps: ConnectionsDeps; recipe: Recipe; values: TemplateValues; scopeId: string; editor: Editor }

async function makeApp(
  { deps, recipe: { oauth }, values, scopeId, editor }: Making,
  addresses: IssuerAddresses | null,
): Promise<OAuthApp | null> {
  if (oauth === null || addresses === null) return null
  const typed = (values.scopes ?? '').split(/\s+/).filter((scope) => scope !== '')
  return createApp(
    deps,
    {
      ...addresses,
      name: values.name,
      applicationScopeId: scopeId,
      clientId: values.clientId ?? '',
      clientSecret: values.clientSecret ?? '',
      defaultGrantType: oauth.grantType,
      scopes: (oauth.scopes ?? typed).map((scope) => ({ name: scope.replace(/^.*\//, '') || scope, scope })),
    },
    editor,
  )
}

async function makeCredential({ deps, recipe, values, scopeId, editor }: Making, app: OAuthApp | null) {
  const { name, expectedAccount, username, keyIn, keyName, secret, connectionUrl } = values
  const type = recipe.credentialType
  const shared = { name, applicationScopeId: scopeId, type }
  const own =
    type === 'oauth2'
      ? {
          integrationType: recipe.integrationType,
          oauthEntityProfileId: app?.profiles[0]?.id ?? null,
          ...(expectedAccount ? { expectedAccount } : {}),
        }
      : { destination: connectionUrl ?? null, username: username || null, keyIn, keyName: keyName || null, secret }
  const made = await createCredential(deps, { ...shared, ...own }, editor)
  return type === 'client_certificate' ? generateCredentialKeyPair(deps, made.id, {}, editor) : made
}

/** Before the transaction, because a provider is asked for them. */
async function addressesOf(
  deps: ConnectionsDeps,
  { oauth }: Recipe,
  values: TemplateValues,
): Promise<IssuerAddresses | null> {
  if (oauth === null) return null
  if (oauth.by === 'tenant') return { issuer: '', ...addressesOfTenant(values.tenantId ?? '') }
  const found = await readIssuerAddresses(deps, { issuer: values.issuer ?? '', tokenUrl: values.tokenUrl ?? '' })
  if ('wrong' in found) throw incomplete(found.wrong)
  return found
}

/** A template makes records of several kinds, so it needs what their forms need. */
function requireAllRoles(actor: Actor, { oauth }: Recipe): void {
  const needed = ['connection_admin', 'credential_admin', ...(oauth === null ? [] : ['oauth_admin'])]
  const missing = needed.filter((role) => !hasRole(actor, role))
  if (missing.length === 0) return
  throw httpRefused('http.role_required', {
    say: `This template makes ${oauth === null ? '' : 'an OAuth app, '}a credential and a connection. That needs the role ${missing.join(' and ')} as well.`,
    facts: { rolesNeeded: missing },
  })
}

function requireFilled({ fields }: Recipe, values: TemplateValues): void {
  const missing = fields.filter(({ name, required }) => required && !values[name as keyof TemplateValues])
  if (missing.length === 0) return
  throw incomplete(Object.fromEntries(missing.map(({ name, label }) => [name, `Enter the ${label}.`])))
}

function incomplete(fields: Record<string, string>) {
  return refused('connections.template_incomplete', { say: Object.values(fields)[0] ?? '', fields })
}
