import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ApiProblem } from './api-problem.ts'
import { conflictIn, currentVersion, differences, messagesOf } from './record-changes.ts'

const refusal = (facts: Record<string, unknown>, code = 'connections.changed_by_someone_else') =>
  new ApiProblem({ code, status: 409, detail: 'Someone else changed it.', facts })

describe('differences', () => {
  test('are the fields that were changed, compared by value', () => {
    const before = { name: 'Ms Graph 1', scopeIds: ['a', 'b'], port: null }
    expect(differences(before, { ...before, scopeIds: ['a', 'b'] })).toEqual({})
    expect(differences(before, { ...before, name: 'Ms Graph 2', scopeIds: ['b'] })).toEqual({
      name: 'Ms Graph 2',
      scopeIds: ['b'],
    })
  })
})

describe('messages', () => {
  const shape = z.strictObject({
    name: z.string().min(1, 'Enter a name.').max(3, 'Too long.').regex(/^a/, 'Begin with a.'),
  })

  test('are none for values that fit, and for a form without a shape', () => {
    expect(messagesOf(shape, { name: 'abc' })).toEqual({})
    expect(messagesOf(undefined, { name: '' })).toEqual({})
  })

  test('stand by field, the first of several', () => {
    expect(messagesOf(shape, { name: 'bcde' })).toEqual({ name: 'Too long.' })
  })
})

describe('a conflict', () => {
  test('says who and when', () => {
    const facts = { updatedBy: 'Ada Okafor', updatedAt: '2026-11-24T10:00:00.000Z', current: { version: 7 } }
    expect(conflictIn(refusal(facts))).toEqual({ updatedBy: 'Ada Okafor', updatedAt: '2026-11-24T10:00:00.000Z' })
    expect(currentVersion(refusal(facts))).toBe(7)
  })

  test('is not every refusal', () => {
    expect(conflictIn(refusal({}, 'connections.alias_in_use'))).toBeNull()
    expect(currentVersion(null)).toBeNull()
  })
})
