import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { attribute, attributeOfConnection } from './attribute.contract.ts'
import { connectionRow } from './connection.contract.ts'
import {
  aliasType,
  applicationScope,
  byId,
  configurators,
  connectionAdmins,
  credentialType,
  done,
  effective,
  id,
  integrationType,
  reference,
  stamp,
  version,
} from './contract.ts'

export const aliasRow = z.object({
  id,
  aliasId: z.string().describe('scope.name, or the bare name in Global'),
  name: z.string(),
  applicationScope,
  type: aliasType,
  parent: reference.nullable(),
  connectionType: effective(z.enum(['http'])),
  connectionCount: z.number().int(),
  ...stamp,
})
export type AliasRow = z.infer<typeof aliasRow>

export const alias = aliasRow.extend({
  description: z.string(),
  credential: reference
    .extend({ type: credentialType })
    .nullable()
    .describe('What an alias of type Credential leads to'),
  supportsMultipleActiveConnections: effective(z.boolean()),
  retryPolicy: effective(reference.nullable()),
  attributes: z.array(attribute).describe('Its own and its parents’'),
  children: z.array(reference.extend({ aliasId: z.string() })),
  connections: z.array(connectionRow),
})
export type Alias = z.infer<typeof alias>

const aliasFields = {
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(80)
    .regex(/^[A-Za-z0-9_]+$/, 'Use letters, digits and underscores only, for example Microsoft_Exchange_Online.'),
  type: aliasType,
  parentId: id.nullable(),
  credentialId: id.nullable().describe('For an alias of type Credential: the credential it leads to'),
  connectionType: z.enum(['http']).nullable().describe('Null inherits'),
  supportsMultipleActiveConnections: z.boolean().nullable().describe('Null inherits'),
  retryPolicyId: id.nullable().describe('Null inherits; at the top the default policy'),
  description: z.string().max(2000),
}

export const listAliases = endpoint({
  method: 'GET',
  path: '/api/connections/aliases',
  summary: 'Connection & Credential Aliases',
  access: configurators,
  query: listQuery.extend({ applicationScopeId: id.optional(), type: aliasType.optional(), parentId: id.optional() }),
  answer: pageOf(aliasRow),
})
export const readAlias = endpoint({
  method: 'GET',
  path: '/api/connections/aliases/{id}',
  summary: 'One alias with effective values, children and connections',
  access: configurators,
  params: z.object({ id: z.string().describe('Record id or alias id') }),
  answer: alias,
  errors: ['connections.alias_not_found'],
})
export const createAlias = endpoint({
  method: 'POST',
  path: '/api/connections/aliases',
  summary: 'Create an alias',
  access: connectionAdmins,
  body: z.strictObject({ ...aliasFields, applicationScopeId: id }).partial({
    type: true,
    parentId: true,
    credentialId: true,
    connectionType: true,
    supportsMultipleActiveConnections: true,
    retryPolicyId: true,
    description: true,
  }),
  answer: alias,
  status: 201,
  errors: [
    'connections.alias_exists',
    'connections.alias_parent_refused',
    'connections.alias_has_no_connections',
    'connections.credential_not_found',
    'connections.retry_policy_not_found',
  ],
})
export const updateAlias = endpoint({
  method: 'PATCH',
  path: '/api/connections/aliases/{id}',
  summary: 'Change an alias',
  access: connectionAdmins,
  params: byId,
  body: z
    .strictObject({ ...aliasFields, version })
    .partial()
    .required({ version: true }),
  answer: alias,
  errors: [
    'connections.alias_not_found',
    'connections.alias_in_use',
    'connections.alias_exists',
    'connections.alias_parent_refused',
    'connections.alias_has_no_connections',
    'connections.credential_not_found',
    'connections.retry_policy_not_found',
    'connections.another_connection_active',
    'connections.changed_by_someone_else',
    'http.recent_sign_in_required',
  ],
})
export const deleteAlias = endpoint({
  method: 'DELETE',
  path: '/api/connections/aliases/{id}',
  summary: 'Delete an alias that nothing uses',
  access: connectionAdmins,
  params: byId,
  answer: done,
  errors: ['connections.alias_not_found', 'connections.alias_in_use'],
})

export const traceStep = z.object({
  step: z.string(),
  chose: z.string().nullable(),
  because: z.string(),
  source: z.enum(['own', 'parent', 'grandparent', 'ancestor', 'default', 'none']).optional(),
  passedOver: z
    .array(z.object({ name: z.string(), because: z.string() }))
    .optional()
    .describe('What was not chosen, and why'),
})
export type TraceStep = z.infer<typeof traceStep>

export const resolution = z.object({
  aliasId: z.string(),
  resolved: z.boolean(),
  because: z.string().describe('A sentence: why it resolved, or what is missing and where to mend it'),
  connection: reference.nullable(),
  connectionUrl: z.string().nullable(),
  timeoutMs: z.number().nullable(),
  attributes: z.array(attributeOfConnection),
  retryPolicy: reference.nullable(),
  credential: reference.extend({ type: credentialType, integrationType }).nullable(),
  token: z.object({ state: z.string(), account: z.string().nullable() }).nullable(),
  trace: z.array(traceStep),
})
export type Resolution = z.infer<typeof resolution>
export const resolveAlias = endpoint({
  method: 'GET',
  path: '/api/connections/aliases/{id}/resolution',
  summary: 'What this alias resolves to for you, and why',
  access: 'signed_in',
  params: z.object({ id: z.string() }),
  query: z.object({
    connection: z.string().max(200).optional().describe('Name or id of one of several active connections'),
  }),
  answer: resolution,
  errors: ['connections.alias_not_found'],
})
