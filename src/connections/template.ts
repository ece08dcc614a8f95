import { transaction } from '#db/transaction.ts'
import { type Actor, hasRole } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { createAlias, readAlias } from './alias.ts'
import { createConnection } from './connection.ts'
import { createCredential } from './credential.ts'
import type { ConnectionsDeps } from './deps.ts'
import { addressesOfTenant, exchangeTemplates, type Recipe } from './entra-templates.ts'
import { refused } from './errors.ts'
import { createApp } from './oauth-app.ts'
import type { BodyOf, Editor } from './record.ts'
import type { Template, useTemplate } from './template.contract.ts'

/** The templates as forms show them. */
export function listTemplates(): Template[] {
  return exchangeTemplates.map(({ parentAlias: _, grantType: __, scopes: ___, ...template }) => template)
}

/** @throws `connections.template_not_found` */
export function recipeOf(key: string): Recipe {
  const recipe = exchangeTemplates.find((one) => one.key === key)
  if (recipe === undefined) throw refused('connections.template_not_found')
  return recipe
}

/** The alias's name: what was typed, without spaces. */
export const aliasNameOf = (name: string) => name.trim().replaceAll(/\s+/g, '_')

/**
 * Makes the OAuth app with its profile, the credential, the alias and the connection, all in one transaction through the same verbs as their
 * forms, so that they are held to the same rules and leave the same trail.
 *
 * @throws `http.role_required`, `connections.template_not_found`, and what the four verbs refuse with; then nothing was made
 */
export async function makeFromTemplate(
  deps: ConnectionsDeps,
  key: string,
  values: BodyOf<typeof useTemplate>,
  editor: Editor,
) {
  const recipe = recipeOf(key)
  requireAllRoles(editor.actor)
  requireAccount(recipe, values)
  return transaction(deps.db, async (trx) => {
    const within = { ...deps, db: trx }
    const { name } = values
    const parent = await readAlias(trx, recipe.parentAlias)
    const applicationScopeId = parent.applicationScope.id
    const app = await createApp(
      within,
      {
        ...{ name, applicationScopeId, clientId: values.clientId, clientSecret: values.clientSecret },
        ...addressesOfTenant(values.tenantId),
        defaultGrantType: recipe.grantType,
        scopes: recipe.scopes.map((scope) => ({ name: scope.replace(/^.*\//, ''), scope })),
      },
      editor,
    )
    const credential = await createCredential(
      within,
      {
        ...{ name, applicationScopeId, integrationType: recipe.integrationType },
        oauthEntityProfileId: app.profiles[0]?.id ?? null,
        ...(values.expectedAccount ? { expectedAccount: values.expectedAccount } : {}),
      },
      editor,
    )
    const description = `Made from the template ${recipe.title}.`
    const aliasFields = { name: aliasNameOf(name), applicationScopeId, parentId: parent.id, description }
    const alias = await createAlias(within, aliasFields, editor)
    const connection = await createConnection(
      within,
      { name, aliasId: alias.id, credentialId: credential.id, connectionUrl: values.connectionUrl || null },
      editor,
    )
    return {
      aliasId: alias.id,
      aliasText: alias.aliasId,
      connectionId: connection.id,
      credentialId: credential.id,
      oauthAppId: app.id,
      redirectUrl: app.redirectUrl,
    }
  })
}

/** A template makes records of three kinds, so it needs what their three forms need. */
function requireAllRoles(actor: Actor): void {
  const missing = ['connection_admin', 'credential_admin', 'oauth_admin'].filter((role) => !hasRole(actor, role))
  if (missing.length === 0) return
  throw httpRefused('http.role_required', {
    say: `A template makes an OAuth app, a credential and a connection. That needs the role ${missing.join(' and ')} as well.`,
    facts: { rolesNeeded: missing },
  })
}

function requireAccount({ fields }: Recipe, { expectedAccount }: BodyOf<typeof useTemplate>): void {
  if (!fields.some(({ name }) => name === 'expectedAccount') || expectedAccount) return
  const say = 'Enter the delegated user’s e-mail.'
  throw refused('connections.expected_account_missing', { fields: { expectedAccount: say } })
}
