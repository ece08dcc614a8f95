import { afterEach, beforeAll, expect, test } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { parseSmtpAddress } from '#kit/smtp-address.ts'
import { certificateForLocalhost, trustedCertificate } from '../../test/support/certificate.ts'
import { type SmtpServer, type SmtpServerOptions, startSmtpServer } from '../../test/support/smtp-server.ts'
import { LetterRefused } from './letter.ts'
import { smtpMailer } from './smtp.ts'

const from = { name: 'Anteroom', email: 'anteroom@rooms.example' }
const letter = {
  id: '0198c0de-0000-7000-8000-000000000001',
  writtenAt: new Date('2026-11-25T08:00:00Z'),
  to: { name: 'Zoë Łukasz', email: 'zoe@contoso.example' },
  subject: 'Läuft in 7 Tagen ab',
  text: '.The first line begins with a dot.\n\n.\nAnd one was nothing else.\n',
}

let certificate: { key: string; cert: string }
let stranger: { key: string; cert: string }
let server: SmtpServer | undefined
beforeAll(async () => {
  certificate = await trustedCertificate()
  stranger = await certificateForLocalhost()
})
afterEach(() => server?.close())

async function at(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  server = await startSmtpServer(options)
  return server
}

function mailer(url: string) {
  const address = parseSmtpAddress(url)
  if (address === null) throw new Error(`${url} is no address`)
  return smtpMailer({ server: address, from, ownName: 'rooms.example', seams: realSeams })
}
const send = (url: string) => mailer(url).send(letter)

test('a letter arrives whole, with its own Message-ID and the name of this host', async () => {
  const { port, letters, said } = await at()
  await send(`smtp://localhost:${port}`)
  expect(said[0]?.[0]).toBe('EHLO rooms.example')
  const [received] = letters
  expect(received).toMatchObject({ from: from.email, to: [letter.to.email], overTls: false, user: null })
  const [head = '', body = ''] = received?.message.split('\r\n\r\n') ?? []
  expect(head).toContain(`Message-ID: <${letter.id}@rooms.example>`)
  expect(head).toContain('Date: Wed, 25 Nov 2026 08:00:00 +0000')
  expect(Buffer.from(body, 'base64').toString()).toBe(letter.text.replaceAll('\n', '\r\n'))
})

test('with STARTTLS and with smtps, the password and the letter go over TLS alone', async () => {
  const accounts = { 'anteroom@contoso.example': 'correct horse/battery' }
  const user = 'anteroom%40contoso.example:correct%20horse%2Fbattery'
  const started = await at({ certificate, accounts })
  await send(`smtp://${user}@localhost:${started.port}`)
  expect(started.letters).toMatchObject([{ overTls: true, user: 'anteroom@contoso.example' }])
  expect(started.said[0]?.slice(0, 2)).toEqual(['EHLO rooms.example', 'STARTTLS'])
  await started.close()

  const secure = await at({ certificate, accounts, secure: true })
  await send(`smtps://${user}@localhost:${secure.port}`)
  expect(secure.letters).toMatchObject([{ overTls: true, user: 'anteroom@contoso.example' }])
})

test('a certificate that nobody vouches for is not accepted, neither way', async () => {
  for (const secure of [false, true]) {
    const { port, letters } = await at({ certificate: stranger, secure })
    await expect(send(`${secure ? 'smtps' : 'smtp'}://localhost:${port}`)).rejects.toThrow(
      /cannot be used: .*self-signed/,
    )
    expect(letters).toEqual([])
    await server?.close()
  }
})

test('no password is said to another machine without TLS', () => {
  const tlsWith = (url: string) => {
    const { place } = mailer(url)
    return place.kind === 'smtp' ? place.tls : null
  }
  expect(tlsWith('smtp://a:b@mail.contoso.example')).toBe('always')
  expect(tlsWith('smtp://mail.contoso.example')).toBe('if_offered')
  expect(tlsWith('smtps://mail.contoso.example')).toBe('always')
  expect(tlsWith('smtp://a:b@127.0.0.1:25')).toBe('if_offered')
})

test('a wrong password is the operator’s, and is never repeated, even where the server repeats it', async () => {
  const { port } = await at({ certificate, accounts: { a: 'right' } })
  const refusal = await send(`smtp://a:wrong-password-1@localhost:${port}`).catch((problem) => problem)
  expect(refusal).not.toBeInstanceOf(LetterRefused)
  expect(refusal.message).toContain('refused the user name and password: 535 5.7.8 a is not let in with [sealed]')
  expect(refusal.message).not.toContain('wrong-password-1')
})

test.each([
  ['RCPT', '550 5.1.1 no such person', true],
  ['RCPT', '452 4.2.2 mailbox full', false],
  ['DATA', '554 5.7.1 not wanted', true],
  ['END', '554 5.7.1 looks like spam', true],
  ['END', '451 4.7.1 come back later', false],
])('%s answered with “%s” is about this letter; for good: %s', async (command, answer, forGood) => {
  const { port, instead } = await at()
  instead[command] = answer
  const refusal = await send(`smtp://localhost:${port}`).catch((problem) => problem)
  expect(refusal).toBeInstanceOf(LetterRefused)
  expect(refusal).toMatchObject({ forGood, message: expect.stringContaining(answer) })
})

test.each([
  ['CONNECT', '421 4.3.2 closing'],
  ['MAIL', '550 5.7.1 who are you'],
  ['EHLO', 'drop'],
  ['DATA', 'drop'],
])('%s answered with “%s” is about every letter', async (command, answer) => {
  const { port, instead } = await at()
  instead[command] = answer
  const refusal = await send(`smtp://localhost:${port}`).catch((problem) => problem)
  expect(refusal).toBeInstanceOf(Error)
  expect(refusal).not.toBeInstanceOf(LetterRefused)
})

test('a server that is not there, and one that never answers, end in words', async () => {
  const { port, instead } = await at()
  instead.RCPT = 'hang'
  const impatient = { wait: async () => undefined }
  const address = parseSmtpAddress(`smtp://localhost:${port}`)
  if (address === null) throw new Error('no address')
  const hasty = smtpMailer({ server: address, from, ownName: 'rooms.example', seams: impatient })
  await expect(hasty.send(letter)).rejects.toThrow('took longer than 90 seconds')
  await server?.close()
  await expect(send(`smtp://localhost:${port}`)).rejects.toThrow(/localhost:\d+ cannot be used/)
})
