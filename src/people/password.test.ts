import { argon2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { hashPassword, isHashOutdated, isPassword } from './password.ts'

const { randomBytes } = realSeams

test('a password fits its hash and no other, and two hashes of it differ', async () => {
  const hash = await hashPassword('four unrelated words here', randomBytes)
  expect(await isPassword('four unrelated words here', hash)).toBe(true)
  expect(await isPassword('four unrelated words her', hash)).toBe(false)
  expect(await hashPassword('four unrelated words here', randomBytes)).not.toBe(hash)
  expect(isHashOutdated(hash)).toBe(false)
})

test('the same word typed with composed and decomposed letters fits', async () => {
  const hash = await hashPassword('schöne Grüße aus Köln', randomBytes)
  expect(await isPassword('schöne Grüße aus Köln'.normalize('NFD'), hash)).toBe(true)
})

test('nobody has no password, not even the one of the stand-in hash', async () => {
  expect(await isPassword('', null)).toBe(false)
})

test('a hash of earlier days still fits, and is known to be outdated', async () => {
  const salt = Buffer.alloc(16, 7)
  const how = { parallelism: 1, tagLength: 32, memory: 19_456, passes: 2 }
  const tag = argon2Sync('argon2id', { message: 'an old password', nonce: salt, ...how })
  const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
  const hash = `$argon2id$v=19$m=19456,t=2,p=1$${text(salt)}$${text(tag)}`
  expect(await isPassword('an old password', hash)).toBe(true)
  expect(isHashOutdated(hash)).toBe(true)
})

test('a crowd waits in a queue of fifty, and the rest is asked to come back', async () => {
  const crowd = Array.from({ length: 60 }, () => hashPassword('four unrelated words here', randomBytes))
  const outcomes = await Promise.allSettled(crowd)
  const sentAway = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(sentAway).toHaveLength(8)
  for (const { reason } of sentAway) expect(reason).toMatchObject({ code: 'people.busy', status: 503 })
  expect(await hashPassword('the queue is empty again', randomBytes)).toMatch(/^\$argon2id/)
}, 180_000)
