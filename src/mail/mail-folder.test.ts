import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { LetterRefused } from './letter.ts'
import { mailFolder } from './mail-folder.ts'
import { composeMessage } from './message.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'anteroom-mail-'))
afterAll(() => rmSync(folder, { recursive: true }))

const from = { name: 'Anteroom', email: 'anteroom@rooms.example' }
const to = { name: 'Zoë Łukasz', email: 'zoe@contoso.example' }
const written = { id: 'one', writtenAt: new Date('2026-11-24T04:30:00Z') }
const decoded = (text: string) =>
  text
    .replace(/\r\n (?==\?)/g, '')
    .replace(/=\?utf-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, 'base64').toString('utf8'))

test('a mail is a file that mail programs open: ASCII headers, a UTF-8 body, lines that are short enough', async () => {
  const text = `The secret of “Zürich” expires.\n\nOpen the OAuth app: http://localhost:4400/console ${'x'.repeat(200)}\n`
  const subject =
    'Läuft in 7 Tagen ab: das Geheimnis von „Microsoft Exchange Online_personalAuth“ in der Zürcher Gegend'
  const letter = { to, subject, text, ...written }
  await mailFolder({ folder, from }).send(letter)
  await mailFolder({ folder, from }).send(letter)
  const [name = '', ...others] = readdirSync(folder)
  expect(others).toEqual([])
  expect(name).toMatch(/\.eml$/)
  expect(statSync(path.join(folder, name)).mode & 0o077).toBe(0)
  const message = readFileSync(path.join(folder, name), 'utf8')
  const [head = '', body = ''] = message.split('\r\n\r\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are meant
  expect(message).toMatch(/^[\x00-\x7f]*$/)
  expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  for (const line of message.split('\r\n')) expect(line.length).toBeLessThanOrEqual(78)
  expect(decoded(head)).toContain(`Subject: ${subject}`)
  expect(decoded(head)).toContain('To: Zoë Łukasz <zoe@contoso.example>')
  expect(Buffer.from(body, 'base64').toString('utf8')).toBe(text.replaceAll('\n', '\r\n'))
})

test('nobody’s name or subject adds a header, and an odd address is refused', () => {
  const subject = 'Hello\r\nBcc: everybody@contoso.example'
  const message = composeMessage({ to: { ...to, name: 'A\r\nBcc: x@y.z' }, subject, text: '', ...written }, from)
  expect(message).not.toMatch(/^Bcc:/m)
  expect(message).toContain('Date: Tue, 24 Nov 2026 04:30:00 +0000\r\n')
  for (const email of ['a@b\r\nBcc: c@d', 'a b@c', 'a@b>, <c@d', '', 'a@', 'ü@b.example']) {
    expect(() => composeMessage({ to: { name: '', email }, subject, text: '', ...written }, from)).toThrow(
      LetterRefused,
    )
  }
})
