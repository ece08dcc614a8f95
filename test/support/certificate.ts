import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { generate } from 'selfsigned'

/**
 * A certificate for localhost that this process trusts, and no other. Microsoft's clients insist on https and use the
 * global fetch, so a test that runs them serves the tenant with it.
 */
export async function trustedCertificate(): Promise<{ key: string; cert: string }> {
  const made = await certificateForLocalhost()
  setDefaultCACertificates([...getCACertificates('default'), made.cert])
  return made
}

/** One that nobody trusts. */
export async function certificateForLocalhost(): Promise<{ key: string; cert: string }> {
  const names = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ] as const
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [...names] },
    ],
  })
  return { key: made.private, cert: made.cert }
}
