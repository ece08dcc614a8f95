import { crc32 } from 'node:zlib'

/*
 * What an API token looks like: `an_pat_` + 8 characters that name it + `_` + 30 secret ones + 6 of checksum. The prefix lets
 * secret scanners find it, the checksum (CRC-32, ISO 3309) tells a mistyped token from an unknown one without the database.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const shape = /^an_pat_([0-9A-Za-z]{8})_[0-9A-Za-z]{36}$/

export const apiTokenPrefix = 'an_pat_'

/** A new token with about 178 bits of secret. */
export function makeTokenText(randomBytes: (count: number) => Uint8Array): { publicId: string; text: string } {
  const publicId = randomText(randomBytes, 8)
  const unchecked = `${apiTokenPrefix}${publicId}_${randomText(randomBytes, 30)}`
  return { publicId, text: unchecked + checksumOf(unchecked) }
}

/** The public half, or null when this is not a token of ours: wrong shape or a typing mistake. */
export function publicIdIn(text: string): string | null {
  const publicId = shape.exec(text)?.[1]
  return publicId !== undefined && checksumOf(text.slice(0, -6)) === text.slice(-6) ? publicId : null
}

/** Bytes above the last multiple of 62 are thrown away, so that every character is equally likely. */
function randomText(randomBytes: (count: number) => Uint8Array, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += alphabet[byte % 62]
    }
  }
  return text
}

function checksumOf(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < 6; place++) {
    digits = alphabet[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}
