import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { deriveWrappingKey, sealBlob } from './blob.ts'

/** ANTEROOM_TEST_SEALS=1000000 for the full size, which takes a minute and half a gigabyte. */
const seals = Number(process.env.ANTEROOM_TEST_SEALS ?? 50_000)

test(`${seals} seals of one text: no data key and no nonce is ever used again`, { timeout: 600_000 }, () => {
  const wrapping = deriveWrappingKey(randomBytes(32), 'installation', 1)
  const associated = Buffer.from('the same')
  const wrappedKeys = new Set<string>()
  const nonces = new Set<string>()
  for (let n = 0; n < seals; n++) {
    const blob = sealBlob('the same', associated, { wrapping, randomBytes })
    // Wrapping has no nonce of its own: equal data keys would be wrapped equally.
    wrappedKeys.add(blob.toString('latin1', 6, 46))
    nonces.add(blob.toString('latin1', 46, 58))
  }
  expect([wrappedKeys.size, nonces.size]).toEqual([seals, seals])
})
