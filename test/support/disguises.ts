/**
 * The forms in which a secret may stand in a dump, a log or an archive: as it is, base64 and base64url at each of the three places in a
 * group of four where it may begin, hex, percent-encoded, and UTF-16.
 */
export function disguises(secret: string): Buffer[] {
  const plain = Buffer.from(secret)
  const texts = [secret, plain.toString('hex'), encodeURIComponent(secret), ...base64Forms(plain)]
  return [...new Set(texts)].map((text) => Buffer.from(text)).concat(Buffer.from(secret, 'utf16le'))
}

/** The names of the secrets that are in there, in any form. */
export function secretsFound(haystack: Buffer, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets)
    .filter(([, value]) => disguises(value).some((disguise) => haystack.includes(disguise)))
    .map(([name]) => name)
}

/** Without the characters at both ends that depend on what stands beside the secret. */
function base64Forms(plain: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), plain])
    const whole = shifted.subarray(0, shifted.length - (shifted.length % 3))
    const from = before === 0 ? 0 : 4
    return [whole.toString('base64').slice(from), whole.toString('base64url').slice(from)]
  })
}
