import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { byId, connectionAdmins, done, id, version } from './contract.ts'

/** Attributes are what a connection says besides its address: a region, a customer number. They are no place for secrets. */

export const attributeType = z.enum(['string', 'number', 'boolean'])
export type AttributeType = z.infer<typeof attributeType>
export const attributeValue = z.union([z.string().max(2000), z.number(), z.boolean()])
export type AttributeValue = z.infer<typeof attributeValue>

/** A definition as an alias shows it: its own, or a parent's. */
export const attribute = z.object({
  id,
  name: z.string(),
  label: z.string(),
  type: attributeType,
  description: z.string(),
  defaultValue: attributeValue.nullable(),
  inheritedFrom: z.string().nullable().describe('The alias that defines it, when it is a parent'),
  version,
})
export type Attribute = z.infer<typeof attribute>

/** The value of an attribute on one connection, and where it comes from. */
export const attributeOfConnection = z.object({
  name: z.string(),
  label: z.string(),
  type: attributeType,
  description: z.string(),
  value: attributeValue.nullable(),
  source: z.enum(['own', 'parent', 'default', 'none']),
  from: z.string().nullable().describe('Name of the connection it is inherited from'),
})
export type AttributeOfConnection = z.infer<typeof attributeOfConnection>

const attributeFields = {
  name: z
    .string()
    .trim()
    .min(1, 'Enter a name.')
    .max(60)
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'Begin with a letter and use letters, digits and underscores only.'),
  label: z.string().trim().min(1, 'Enter a label.').max(120),
  type: attributeType,
  description: z.string().max(500),
  defaultValue: attributeValue.nullable(),
}

export const createAttribute = endpoint({
  method: 'POST',
  path: '/api/connections/aliases/{id}/attributes',
  summary: 'Define an attribute for the connections of an alias and of its child aliases',
  access: connectionAdmins,
  params: byId,
  body: z.strictObject(attributeFields).partial().required({ name: true, type: true }),
  answer: attribute,
  status: 201,
  errors: ['connections.alias_not_found', 'connections.attribute_exists', 'connections.attribute_value_refused'],
})
export const updateAttribute = endpoint({
  method: 'PATCH',
  path: '/api/connections/aliases/{id}/attributes/{attributeId}',
  summary: 'Change an attribute. Values follow a new name, and are converted to a new type or the change is refused',
  access: connectionAdmins,
  params: z.object({ id, attributeId: id }),
  body: z
    .strictObject({ ...attributeFields, version })
    .partial()
    .required({ version: true }),
  answer: attribute,
  errors: [
    'connections.attribute_not_found',
    'connections.attribute_exists',
    'connections.attribute_value_refused',
    'connections.changed_by_someone_else',
  ],
})
export const deleteAttribute = endpoint({
  method: 'DELETE',
  path: '/api/connections/aliases/{id}/attributes/{attributeId}',
  summary: 'Delete an attribute that no connection has a value for',
  access: connectionAdmins,
  params: z.object({ id, attributeId: id }),
  answer: done,
  errors: ['connections.attribute_not_found', 'connections.attribute_in_use'],
})
