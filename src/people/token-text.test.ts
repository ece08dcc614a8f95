import { expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { makeTokenText, publicIdIn } from './token-text.ts'

test('a token has its shape and tells its public half', () => {
  const { publicId, text } = makeTokenText(realSeams.randomBytes)
  expect(text).toMatch(/^an_pat_[0-9A-Za-z]{8}_[0-9A-Za-z]{36}$/)
  expect(publicIdIn(text)).toBe(publicId)
})

test('every single typing mistake is noticed by the checksum', () => {
  const { text } = makeTokenText(realSeams.randomBytes)
  const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_- '
  for (let place = 0; place < text.length; place++) {
    for (const character of characters) {
      if (character === text[place]) continue
      expect(publicIdIn(text.slice(0, place) + character + text.slice(place + 1))).toBeNull()
    }
  }
})
