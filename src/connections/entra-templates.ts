import { tenantPlaceholder } from './entra.ts'
import type { TemplateField } from './template.contract.ts'
import { accountField, nameField } from './template-field.ts'
import type { Recipe } from './template-recipe.ts'

const registration: TemplateField[] = [
  {
    name: 'tenantId',
    label: 'Directory (tenant) ID',
    hint: 'On the overview page of the app registration.',
    kind: 'text',
    required: true,
    options: [],
  },
  {
    name: 'clientId',
    label: 'Application (client) ID',
    hint: 'On the overview page of the app registration.',
    kind: 'text',
    required: true,
    options: [],
  },
  {
    name: 'clientSecret',
    label: 'Client secret',
    hint: 'The secret’s value, not its ID. It is shown once at Microsoft, and never here.',
    kind: 'secret',
    required: true,
    options: [],
  },
]
const address: TemplateField = {
  name: 'connectionUrl',
  label: 'Connection URL',
  hint: 'Empty takes the address of the parent alias.',
  kind: 'url',
  required: false,
  options: [],
}

/** What the aliases that these templates make are children of. */
export const templateParent = 'exchange_online.Microsoft_Exchange_Online'
const delegatedScopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'offline_access']
const delegated = { grantType: 'authorization_code', scopes: delegatedScopes, by: 'tenant' } as const

export const exchangeTemplates: readonly Recipe[] = [
  {
    key: 'exchange_online_personal',
    title: 'Microsoft Exchange Online, personal',
    description: 'Everybody gives their own permission, and everything is done in their own name.',
    integrationType: 'personal',
    credentialType: 'oauth2',
    fields: [nameField, ...registration, address],
    parentAlias: templateParent,
    oauth: delegated,
  },
  {
    key: 'exchange_online_strict',
    title: 'Microsoft Exchange Online, strict',
    description: 'One delegated user signs in once, and everything is done in their name.',
    integrationType: 'system',
    credentialType: 'oauth2',
    fields: [nameField, ...registration, accountField, address],
    parentAlias: templateParent,
    oauth: delegated,
  },
  {
    key: 'exchange_online_normal',
    title: 'Microsoft Exchange Online, normal',
    description: 'The application acts by itself, with the permissions an administrator consented to.',
    integrationType: 'system',
    credentialType: 'oauth2',
    fields: [nameField, ...registration, address],
    parentAlias: templateParent,
    oauth: { grantType: 'client_credentials', scopes: ['https://graph.microsoft.com/.default'], by: 'tenant' },
  },
]

/** Both addresses of an app in this tenant. */
export function addressesOfTenant(tenantId: string) {
  const authority = `https://login.microsoftonline.com/${encodeURIComponent(tenantId || tenantPlaceholder)}/oauth2/v2.0`
  return { authorizationUrl: `${authority}/authorize`, tokenUrl: `${authority}/token` }
}
