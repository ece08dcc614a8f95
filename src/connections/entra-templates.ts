import { tenantPlaceholder } from './entra.ts'
import type { Template, TemplateField } from './template.contract.ts'

/** A template with what only the server needs: what the records are made of. */
export type Recipe = Template & {
  /** New aliases are children of this one, so that they take the place of its other children. */
  parentAlias: string
  grantType: 'authorization_code' | 'client_credentials'
  scopes: readonly string[]
}

const name: TemplateField = {
  name: 'name',
  label: 'Name',
  hint: 'Of all four records; the alias writes it with underscores.',
  kind: 'text',
  required: true,
}
const registration: TemplateField[] = [
  {
    name: 'tenantId',
    label: 'Directory (tenant) ID',
    hint: 'On the overview page of the app registration.',
    kind: 'text',
    required: true,
  },
  {
    name: 'clientId',
    label: 'Application (client) ID',
    hint: 'On the overview page of the app registration.',
    kind: 'text',
    required: true,
  },
  {
    name: 'clientSecret',
    label: 'Client secret',
    hint: 'The secret’s value, not its ID. It is shown once at Microsoft, and never here.',
    kind: 'secret',
    required: true,
  },
]
const account: TemplateField = {
  name: 'expectedAccount',
  label: 'Delegated user',
  hint: 'E-mail of the mailbox that everything is done as. No other account is accepted.',
  kind: 'email',
  required: true,
}
const address: TemplateField = {
  name: 'connectionUrl',
  label: 'Connection URL',
  hint: 'Empty takes the address of the parent alias.',
  kind: 'url',
  required: false,
}

/** What the aliases that templates make are children of. */
export const templateParent = 'exchange_online.Microsoft_Exchange_Online'
const delegatedScopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'offline_access']

export const exchangeTemplates: readonly Recipe[] = [
  {
    key: 'exchange_online_personal',
    title: 'Microsoft Exchange Online, personal',
    description: 'Everybody gives their own permission, and everything is done in their own name.',
    integrationType: 'personal',
    fields: [name, ...registration, address],
    parentAlias: templateParent,
    grantType: 'authorization_code',
    scopes: delegatedScopes,
  },
  {
    key: 'exchange_online_strict',
    title: 'Microsoft Exchange Online, strict',
    description: 'One delegated user signs in once, and everything is done in their name.',
    integrationType: 'system',
    fields: [name, ...registration, account, address],
    parentAlias: templateParent,
    grantType: 'authorization_code',
    scopes: delegatedScopes,
  },
  {
    key: 'exchange_online_normal',
    title: 'Microsoft Exchange Online, normal',
    description: 'The application acts by itself, with the permissions an administrator consented to.',
    integrationType: 'system',
    fields: [name, ...registration, address],
    parentAlias: templateParent,
    grantType: 'client_credentials',
    scopes: ['https://graph.microsoft.com/.default'],
  },
]

/** Both addresses of an app in this tenant. */
export function addressesOfTenant(tenantId: string) {
  const authority = `https://login.microsoftonline.com/${encodeURIComponent(tenantId || tenantPlaceholder)}/oauth2/v2.0`
  return { authorizationUrl: `${authority}/authorize`, tokenUrl: `${authority}/token` }
}
