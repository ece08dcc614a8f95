import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { configurators, connectionAdmins, id, name } from './contract.ts'

export const templateField = z.object({
  name: z.string(),
  label: z.string(),
  hint: z.string(),
  kind: z.enum(['text', 'secret', 'url', 'email']),
  required: z.boolean(),
})
export type TemplateField = z.infer<typeof templateField>

export const template = z.object({
  key: z.string(),
  title: z.string(),
  description: z.string(),
  integrationType: z.enum(['personal', 'system']),
  fields: z.array(templateField),
})
export type Template = z.infer<typeof template>

/** What was typed, by the name of the field. */
const values = z.strictObject({
  name: name.regex(
    /^[A-Za-z][A-Za-z0-9_ ]*$/,
    'Begin with a letter and use letters, digits, underscores and spaces only.',
  ),
  tenantId: z.string().trim().min(1, 'Enter the Directory (tenant) ID.').max(100),
  clientId: z.string().trim().min(1, 'Enter the Application (client) ID.').max(200),
  clientSecret: z.string().min(1, 'Enter the client secret’s value.').max(2000),
  expectedAccount: z.string().trim().max(320).optional(),
  connectionUrl: z.string().trim().max(2000).optional(),
})
export type TemplateValues = z.output<typeof values>

/** One field as it is being filled in. `ok` is null while there is nothing to say. */
export const fieldCheck = z.object({ ok: z.boolean().nullable(), say: z.string() })
export type FieldCheck = z.infer<typeof fieldCheck>

const byKey = z.object({ key: z.string() })

export const listTemplates = endpoint({
  method: 'GET',
  path: '/api/connections/templates',
  summary: 'Connection templates: each makes an OAuth app, a credential, a connection and an alias that fit together',
  access: configurators,
  answer: z.object({ templates: z.array(template) }),
})
export const checkTemplate = endpoint({
  method: 'POST',
  path: '/api/connections/templates/{key}/check',
  summary: 'Check what was typed so far: is the name free, does the tenant exist, may tokens go to that address',
  access: connectionAdmins,
  params: byKey,
  body: z.strictObject({ values: z.record(z.string(), z.string().max(2000)) }),
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
    oauthAppId: id,
    redirectUrl: z.string().describe('Register this address with the provider'),
  }),
  status: 201,
  errors: [
    'connections.template_not_found',
    'connections.alias_exists',
    'connections.connection_exists',
    'connections.credential_exists',
    'connections.oauth_app_exists',
    'connections.connection_url_refused',
    'connections.vault_sealed',
  ],
})
