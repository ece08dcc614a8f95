import type { GuardedInit } from '#kit/guarded-fetch.ts'
import type { Secret } from '#kit/secret.ts'
import { type CredentialRecord, readCredentialRow } from './credential-queries.ts'
import { openValue, valueMissing } from './credential-secret.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { ValueOutlet } from './outlet.ts'
import type { Outgoing, Presenter, Shown } from './presenter.ts'
import { tallyOf, type Use } from './token-use.ts'

/**
 * The stored value of a credential that needs no token: user name and password, an API key, a bearer token or a client certificate. Read and
 * opened for every try, so that a value that was replaced, or a credential that was switched off, is not used by whoever resolved it before; the
 * audit trail has the use before the value leaves. It opens for the origin of the outlet's address only.
 */
export function presentValue(deps: ConnectionsDeps, outlet: ValueOutlet, use: Use): Presenter {
  const { origin } = new URL(outlet.baseUrl)
  return async () => {
    const credential = await readCredentialRow(deps.db, outlet.credential.id)
    if (credential === undefined) throw refused('connections.credential_not_found')
    requireUsable(credential)
    const value = openValue(deps, credential, origin)
    await tallyOf(deps, 'connections.use_value', { ...outlet, credential, use }).count()
    return shownAs(credential, value)
  }
}

/** @throws `connections.not_set`, `connections.value_missing` */
export function requireUsable(credential: CredentialRecord): void {
  const { name, active } = credential
  if (!active)
    throw refused('connections.not_set', { say: `The credential ${name} is not active. Activate it on its form.` })
  const missing = valueMissing(credential)
  if (missing !== null)
    throw refused('connections.value_missing', { say: `The credential ${name} is not ready. ${missing}` })
}

function shownAs(credential: CredentialRecord, value: Secret): Shown {
  return {
    put: (call) => put(credential, value, call),
    clean: (answer) => clean(credential, value, answer),
    renewed: async () => null,
  }
}

function put(credential: CredentialRecord, value: Secret, { url, init }: Outgoing): Outgoing {
  const { type, username, key_in: keyIn, key_name: keyName, certificate } = credential
  if (type === 'client_certificate')
    return { url, init: { ...init, clientCertificate: { certificate: certificate ?? '', privateKey: value } } }
  if (type === 'api_key' && keyIn === 'query') return { url: withParameter(url, keyName ?? '', value), init }
  if (type === 'api_key') return { url, init: withHeader(init, keyName ?? '', value.open('call')) }
  if (type === 'bearer') return { url, init: withHeader(init, 'Authorization', `Bearer ${value.open('call')}`) }
  // RFC 7617 section 2, in UTF-8.
  const pair = Buffer.from(`${username}:${value.open('call')}`).toString('base64')
  return { url, init: withHeader(init, 'Authorization', `Basic ${pair}`) }
}

function withHeader(init: GuardedInit, name: string, value: string): GuardedInit {
  const headers = new Headers(init.headers)
  headers.set(name, value)
  return { ...init, headers }
}

/** The rest of the query stays as it was written; a parameter of the same name is the caller's and is left out. */
function withParameter(url: string, name: string, value: Secret): string {
  const { origin, pathname, search } = new URL(url)
  const others = search
    .slice(1)
    .split('&')
    .filter((part) => part !== '' && decoded(part.split('=', 1)[0] ?? '') !== name)
  const own = `${encodeURIComponent(name)}=${encodeURIComponent(value.open('call'))}`
  return `${origin}${pathname}?${[...others, own].join('&')}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** A server may repeat the address of a call in its answer, and with it the key that stood there. */
const addressHeaders = ['location', 'content-location', 'link', 'refresh']

function clean({ type, key_in: keyIn }: CredentialRecord, value: Secret, answer: Response): void {
  if (type !== 'api_key' || keyIn !== 'query') return
  const text = value.open('compare')
  for (const name of addressHeaders) {
    const said = answer.headers.get(name) ?? ''
    if (said.includes(text) || said.includes(encodeURIComponent(text))) answer.headers.delete(name)
  }
}
