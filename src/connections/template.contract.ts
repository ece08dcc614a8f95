import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { configurators, connectionAdmins, credentialType, id, name } from './contract.ts'

export const templateField = z.object({
  name: z.string(),
  label: z.string(),
  hint: z.string(),
  kind: z.enum(['text', 'secret', 'url', 'email', 'choice']),
  required: z.boolean(),
  options: z
    .array(z.object({ value: z.string(), label: z.string() }))
    .describe('What may be chosen; empty where anything may be typed'),
})
export type TemplateField = z.infer<typeof templateField>

export const template = z.object({
  key: z.string(),
  title: z.string(),
  description: z.string(),
  integrationType: z.enum(['personal', 'system']),
  credentialType,
  fields: z.array(templateField),
})
export type Template = z.infer<typeof template>

/** What may be typed, by the name of the field; which of them a template wants, it says itself. */
const text = z.string().trim().max(2000).optional()
const values = z.strictObject({
  name: name.regex(
    /^[A-Za-z][A-Za-z0-9_ ]*$/,
    'Begin with a letter and use letters, digits, underscores and spaces only.',
  ),
  applicationScopeId: id.optional().describe('For templates whose records belong to no connector; Global unless told'),
  tenantId: text,
  clientId: text,
  clientSecret: z.string().max(2000).optional(),
  expectedAccount: text,
  issuer: text,
  tokenUrl: text,
  scopes: text.describe('Separated by spaces'),
  connectionUrl: text,
  username: text,
  keyIn: z.enum(['header', 'query']).optional(),
  keyName: text,
  secret: z.string().max(2000).optional(),
})
export type TemplateValues = z.output<typeof values>

/** One field as it is being filled in. `ok` is null while there is nothing to say. */
export const fieldCheck = z.object({ ok: z.boolean().nullable(), say: z.string() })
export type FieldCheck = z.infer<typeof fieldCheck>

const byKey = z.object({ key: z.string() })

export const listTemplates = endpoint({
  method: 'GET',
  path: '/api/connections/templates',
  summary:
    'Connection templates: each makes a credential, a connection and an alias that fit together, and an OAuth app',
  access: configurators,
  answer: z.object({ templates: z.array(template) }),
})
export const checkTemplate = endpoint({
  method: 'POST',
  path: '/api/connections/templates/{key}/check',
  summary:
    'Check what was typed so far: is the name free, does the tenant or issuer exist, may tokens go to that address',
  access: connectionAdmins,
  params: byKey,
  body: z.strictObject({
    values: z.record(z.string(), z.string().max(2000)),
    applicationScopeId: id.optional(),
  }),
  answer: z.object({ checks: z.record(z.string(), fieldCheck) }),
  errors: ['connections.template_not_found'],
})
export const useTemplate = endpoint({
  method: 'POST',
  path: '/api/connections/templates/{key}/records',
  summary: 'Create the records of a template, all or none',
  access: connectionAdmins,
  params: byKey,
  body: values,
  answer: z.object({
    aliasId: id,
    aliasText: z.string(),
    connectionId: id,
    credentialId: id,
    oauthAppId: id.nullable().describe('Null where the credential needs none'),
    redirectUrl: z.string().nullable().describe('Register this address with the provider'),
  }),
  status: 201,
  errors: [
    'connections.template_not_found',
    'connections.template_incomplete',
    'connections.alias_exists',
    'connections.connection_exists',
    'connections.credential_exists',
    'connections.oauth_app_exists',
    'connections.connection_url_refused',
    'connections.value_refused',
    'connections.provider_trouble',
    'connections.vault_sealed',
  ],
})
