import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import type { Seams } from '#kit/seams.ts'
import type { SmtpAddress } from '#kit/smtp-address.ts'
import { visibleText } from '#kit/visible-text.ts'
import { LetterRefused, type Mailbox, type Mailer, type WrittenLetter } from './letter.ts'
import { composeMessage } from './message.ts'

/** For one letter, from the look-up of the name to the server's word that it has it. Less than a letter is claimed for (deliver.ts). */
const letterMs = 90_000
const stepMs = 20_000

export type SmtpDeps = {
  server: SmtpAddress
  from: Mailbox
  /** How this host calls itself to the server (RFC 5321, section 4.1.1.1). */
  ownName: string
  seams: Pick<Seams, 'wait'>
}

/**
 * Letters over SMTP. The server's certificate is checked, also after STARTTLS. With a password, and the server not on this machine, nothing
 * is said before there is TLS; without one TLS is used where it is offered.
 */
export function smtpMailer({ server, from, ownName, seams }: SmtpDeps): Mailer {
  const { host, port, user } = server
  const tls = tlsOf(server)
  return {
    place: { kind: 'smtp', host, port, user, tls },
    from,
    send: async (letter) => {
      const transport = createTransport({
        host,
        port,
        secure: server.secure,
        requireTLS: tls === 'always' && !server.secure,
        name: ownName,
        ...(user === null ? {} : { auth: { user, pass: server.password?.open('call') ?? '' } }),
        connectionTimeout: stepMs,
        greetingTimeout: stepMs,
        dnsTimeout: stepMs,
        socketTimeout: stepMs,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      const message = { envelope: { from: from.email, to: letter.to.email }, raw: composeMessage(letter, from) }
      await inTime(seams, transport.sendMail(message), () => transport.close()).catch((problem: unknown) => {
        throw inOurWords(problem, server, letter)
      })
    },
  }
}

function tlsOf({ secure, user, host }: SmtpAddress): 'always' | 'if_offered' {
  return secure || (user !== null && !isThisMachine(host)) ? 'always' : 'if_offered'
}

const isThisMachine = (host: string) =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

async function inTime(seams: SmtpDeps['seams'], sending: Promise<unknown>, giveUp: () => void): Promise<void> {
  const ended = new AbortController()
  const late = seams.wait(letterMs, ended.signal).then(() => {
    if (ended.signal.aborted) return
    giveUp()
    throw new Error(`it took longer than ${letterMs / 1000} seconds`)
  })
  await Promise.race([sending, late]).finally(() => ended.abort())
}

/** What the library's errors say, as far as it is written down there. */
type SmtpProblem = { code?: unknown; command?: unknown; responseCode?: unknown; response?: unknown; message?: unknown }

/**
 * RFC 5321, section 4.2.1: 5yz is for good, 4yz passes. Only what was said about this recipient and this letter is about this letter; a
 * refused sender, password or handshake is the operator's to mend, and every letter waits for it.
 */
function inOurWords(thrown: unknown, server: SmtpAddress, { to }: WrittenLetter): Error {
  if (thrown instanceof LetterRefused) return thrown
  const { code, command, responseCode, response, message } = thrown as SmtpProblem
  const said = harmless(typeof response === 'string' ? response : String(message), server)
  const place = `${server.host}:${server.port}`
  if ((command === 'RCPT TO' || command === 'DATA') && typeof responseCode === 'number') {
    const forGood = responseCode >= 500
    return new LetterRefused(`${place} did not take the letter to ${to.email}: ${said}`, { forGood, cause: thrown })
  }
  if (code === 'EAUTH') return new Error(`${place} refused the user name and password: ${said}`, { cause: thrown })
  return new Error(`${place} cannot be used: ${said}`, { cause: thrown })
}

/** A server may repeat what it was told. */
function harmless(said: string, { password }: SmtpAddress): string {
  const secret = password?.open('compare') ?? ''
  const forms = [secret, Buffer.from(secret).toString('base64')].filter((form) => form.length > 0)
  const kept = forms.reduce((text, form) => text.replaceAll(form, '[sealed]'), said)
  return visibleText(kept.replaceAll(/\s+/g, ' ')).slice(0, 300)
}
