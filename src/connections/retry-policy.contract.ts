import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { byId, configurators, connectionAdmins, done, id, name, reference, stamp, version } from './contract.ts'

export const retryStrategy = z.enum(['exponential', 'fixed', 'retry_after'])
export const callError = z.enum(['unreachable', 'no_answer'])
export const httpMethod = z.enum(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH'])

const text = (longest: number) => z.string().trim().min(1, 'Enter a text.').max(longest)

/** Any of statuses, headers, bodies and errors is enough. Lists are short, because each is looked through at every answer. */
export const retryConditions = z.strictObject({
  statuses: z.array(z.number().int().min(400, 'Use a status from 400 to 599.').max(599)).max(20),
  headers: z.array(z.strictObject({ name: text(100), contains: text(200) })).max(10),
  bodyContains: z.array(text(200)).max(10),
  errors: z.array(callError),
  methods: z.array(httpMethod).nullable().describe('Null: those that may be repeated without harm'),
})

export const retryPolicyRow = z.object({
  id,
  name: z.string(),
  strategy: retryStrategy,
  attemptsMax: z.number().int(),
  totalMs: z.number().int(),
  isDefault: z.boolean(),
  aliasCount: z.number().int(),
  ...stamp,
})
export type RetryPolicyRow = z.infer<typeof retryPolicyRow>

export const retryPolicy = retryPolicyRow.extend({
  firstWaitMs: z.number().int(),
  waitMaxMs: z.number().int(),
  conditions: retryConditions,
  description: z.string(),
  aliases: z.array(reference.extend({ aliasId: z.string() })),
})
export type RetryPolicyRecord = z.infer<typeof retryPolicy>

const hourMs = 60 * 60 * 1000
const retryPolicyFields = {
  name,
  strategy: retryStrategy,
  attemptsMax: z.number().int().min(1, 'Use at least 1, which means no repetition.').max(20, 'Use 20 at most.'),
  firstWaitMs: z.number().int().min(0).max(hourMs),
  waitMaxMs: z.number().int().min(0).max(hourMs),
  totalMs: z
    .number()
    .int()
    .min(0)
    .max(24 * hourMs),
  conditions: retryConditions,
  isDefault: z.boolean(),
  description: z.string().max(2000),
}

export const listRetryPolicies = endpoint({
  method: 'GET',
  path: '/api/connections/retry-policies',
  summary: 'Retry policies',
  access: configurators,
  query: listQuery,
  answer: pageOf(retryPolicyRow),
})
export const readRetryPolicy = endpoint({
  method: 'GET',
  path: '/api/connections/retry-policies/{id}',
  summary: 'One retry policy with the aliases that name it',
  access: configurators,
  params: byId,
  answer: retryPolicy,
  errors: ['connections.retry_policy_not_found'],
})
export const createRetryPolicy = endpoint({
  method: 'POST',
  path: '/api/connections/retry-policies',
  summary: 'Create a retry policy',
  access: connectionAdmins,
  body: z.strictObject(retryPolicyFields).partial().required({ name: true, strategy: true }),
  answer: retryPolicy,
  status: 201,
  errors: ['connections.retry_policy_exists'],
})
export const updateRetryPolicy = endpoint({
  method: 'PATCH',
  path: '/api/connections/retry-policies/{id}',
  summary: 'Change a retry policy; calls that start later follow it',
  access: connectionAdmins,
  params: byId,
  body: z
    .strictObject({ ...retryPolicyFields, version })
    .partial()
    .required({ version: true }),
  answer: retryPolicy,
  errors: [
    'connections.retry_policy_not_found',
    'connections.retry_policy_exists',
    'connections.retry_policy_is_default',
    'connections.changed_by_someone_else',
  ],
})
export const deleteRetryPolicy = endpoint({
  method: 'DELETE',
  path: '/api/connections/retry-policies/{id}',
  summary: 'Delete a retry policy that no alias names',
  access: connectionAdmins,
  params: byId,
  answer: done,
  errors: [
    'connections.retry_policy_not_found',
    'connections.retry_policy_in_use',
    'connections.retry_policy_is_default',
  ],
})
