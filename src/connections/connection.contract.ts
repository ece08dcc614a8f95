import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { attributeOfConnection, attributeValue } from './attribute.contract.ts'
import {
  applicationScope,
  byId,
  configurators,
  connectionAdmins,
  done,
  effective,
  httpsUrl,
  id,
  integrationType,
  name,
  reference,
  stamp,
  version,
} from './contract.ts'

export const connectionRow = z.object({
  id,
  name: z.string(),
  applicationScope,
  alias: reference.extend({ aliasId: z.string() }),
  active: z.boolean(),
  order: z.number().int().describe('Of several active connections the lowest is used'),
  connectionUrl: effective(z.string().nullable()),
  credential: reference.extend({ active: z.boolean(), integrationType }).nullable(),
  ...stamp,
})
export type ConnectionRow = z.infer<typeof connectionRow>

export const connection = connectionRow.extend({
  useUrlBuilder: z.boolean(),
  protocol: z.enum(['https', 'http']).nullable(),
  host: z.string().nullable(),
  port: z.number().int().nullable(),
  basePath: z.string().nullable(),
  timeoutMs: effective(z.number().int()),
  attributes: z.array(attributeOfConnection),
  /** The connection of the parent alias that empty fields are inherited from. */
  inheritsFrom: reference.nullable(),
})
export type Connection = z.infer<typeof connection>

const connectionFields = {
  name,
  aliasId: id,
  credentialId: id.nullable(),
  active: z.boolean(),
  order: z.number().int().min(0).max(10_000),
  attributes: z.record(z.string(), attributeValue.nullable()).describe('By name; null inherits'),
  connectionUrl: httpsUrl.nullable().describe('Null inherits from the parent alias'),
  useUrlBuilder: z.boolean(),
  protocol: z.enum(['https', 'http']).nullable(),
  host: z.string().max(255).nullable(),
  port: z.number().int().min(1).max(65_535).nullable(),
  basePath: z.string().max(500).nullable(),
  timeoutMs: z
    .number()
    .int()
    .min(100, 'Use at least 100 milliseconds.')
    .max(600_000)
    .nullable()
    .describe('Null inherits'),
}

export const listConnections = endpoint({
  method: 'GET',
  path: '/api/connections/connections',
  summary: 'HTTP(S) connections',
  access: configurators,
  query: listQuery.extend({
    applicationScopeId: id.optional(),
    aliasId: id.optional(),
    credentialId: id.optional(),
    active: z.stringbool().optional(),
  }),
  answer: pageOf(connectionRow),
})
export const readConnection = endpoint({
  method: 'GET',
  path: '/api/connections/connections/{id}',
  summary: 'One connection with inherited values and their source',
  access: configurators,
  params: byId,
  answer: connection,
  errors: ['connections.connection_not_found'],
})
export const createConnection = endpoint({
  method: 'POST',
  path: '/api/connections/connections',
  summary: 'Create a connection',
  access: connectionAdmins,
  body: z
    .strictObject({ ...connectionFields, applicationScopeId: id.optional() })
    .partial()
    .required({ name: true, aliasId: true }),
  answer: connection,
  status: 201,
  errors: [
    'connections.connection_exists',
    'connections.another_connection_active',
    'connections.alias_has_no_connections',
    'connections.connection_url_refused',
    'connections.attribute_not_found',
    'connections.attribute_value_refused',
  ],
})
export const updateConnection = endpoint({
  method: 'PATCH',
  path: '/api/connections/connections/{id}',
  summary: 'Change a connection. A new destination makes tokens that were sealed for the old one unusable',
  access: connectionAdmins,
  params: byId,
  body: z
    .strictObject({ ...connectionFields, version })
    .partial()
    .required({ version: true }),
  answer: connection,
  errors: [
    'connections.connection_not_found',
    'connections.connection_exists',
    'connections.another_connection_active',
    'connections.alias_has_no_connections',
    'connections.connection_url_refused',
    'connections.attribute_not_found',
    'connections.attribute_value_refused',
    'connections.changed_by_someone_else',
    'http.recent_sign_in_required',
  ],
})
export const deleteConnection = endpoint({
  method: 'DELETE',
  path: '/api/connections/connections/{id}',
  summary: 'Delete a connection',
  access: connectionAdmins,
  params: byId,
  answer: done,
  errors: ['connections.connection_not_found', 'connections.connection_in_use'],
})
