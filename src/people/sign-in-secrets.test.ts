import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { transactionSecrets } from '#connections/transaction-secrets.ts'
import { Secret } from '#kit/secret.ts'
import { signInSecrets } from './sign-in-secrets.ts'

const cookie = () => new Secret(randomBytes(32).toString('base64url'))

test('ten thousand sign-ins have ten thousand verifiers, states and nonces, each of 256 bits', () => {
  const made = Array.from({ length: 10_000 }, () => signInSecrets(cookie()))
  const values = made.flatMap(({ state, nonce, codeVerifier }) => [state, nonce, codeVerifier])
  expect(new Set(values).size).toBe(30_000)
  expect(values.every((value) => /^[\w-]{43}$/.test(value))).toBe(true)
})

test('and so have ten thousand authorizations, also in one browser', () => {
  const browser = cookie()
  const values = Array.from({ length: 10_000 }, (_, n) => transactionSecrets(browser, `authorization ${n}`)).flatMap(
    ({ state, nonce, verifier }) => [state, nonce, verifier].map((secret) => secret.open('compare')),
  )
  expect(new Set(values).size).toBe(30_000)
  expect(values.every((value) => /^[\w-]{43}$/.test(value))).toBe(true)
})
