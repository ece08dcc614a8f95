import { Secret } from './secret.ts'

/** A mail server that takes letters, as `smtp://USER:PASSWORD@HOST:PORT` or `smtps://…` says it. */
export type SmtpAddress = {
  host: string
  port: number
  /** TLS from the first byte (RFC 8314); otherwise STARTTLS (RFC 3207). */
  secure: boolean
  user: string | null
  password: Secret | null
}

const standardPorts = { 'smtp:': 587, 'smtps:': 465 } as const

/** Null for anything else. User and password are percent-encoded where they have to be, as in every address. */
export function parseSmtpAddress(text: string): SmtpAddress | null {
  const url = URL.parse(text)
  if (url === null || !(url.protocol === 'smtp:' || url.protocol === 'smtps:')) return null
  const { protocol, hostname, port, username, password, pathname, search, hash } = url
  if (hostname === '' || !['', '/'].includes(pathname) || search !== '' || hash !== '') return null
  if ((username === '') !== (password === '')) return null
  return {
    host: decodeURIComponent(hostname).replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? standardPorts[protocol] : Number(port),
    secure: protocol === 'smtps:',
    user: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : new Secret(decodeURIComponent(password)),
  }
}
