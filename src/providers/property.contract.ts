import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { readers, syncAdmins } from './contract.ts'

export const propertyValue = z.union([z.string(), z.number(), z.boolean()])

export const property = z.object({
  name: z.string(),
  title: z.string(),
  kind: z.enum(['choice', 'number', 'switch']),
  value: propertyValue,
  shipped: propertyValue.describe('What it is unless somebody sets it'),
  isSet: z.boolean(),
  unit: z.string().nullable(),
  choices: z.array(z.string()),
  min: z.number().nullable(),
  max: z.number().nullable(),
  says: z.string().describe('What it does'),
  actsIn: z.string().describe('Where it is noticed'),
  version: z.number().int().describe('The version that was read; 0 while it is not set'),
  updatedAt: z.iso.datetime().nullable(),
  updatedBy: z.string().nullable(),
})
export type Property = z.infer<typeof property>

export const listProperties = endpoint({
  method: 'GET',
  path: '/api/providers/properties',
  summary: 'Settings of calendar synchronization, with what each does',
  access: readers,
  answer: z.object({ properties: z.array(property) }),
})

export const setProperty = endpoint({
  method: 'PUT',
  path: '/api/providers/properties/{name}',
  summary: 'Set a property; null gives it back the value that it ships with',
  access: syncAdmins,
  params: z.object({ name: z.string().max(100) }),
  body: z.strictObject({
    value: propertyValue.nullable(),
    version: z.number().int().optional().describe('As it was read; left out, whatever is there is replaced'),
  }),
  answer: property,
  errors: [
    'providers.property_not_found',
    'providers.property_refused',
    'providers.delegated_user_missing',
    'providers.changed_by_someone_else',
  ],
})
