import { LetterRefused, type Mailbox, type WrittenLetter } from './letter.ts'

/** RFC 2047, section 2: a line with an encoded word has at most 76 characters, its header name included. */
const bytesPerEncodedWord = 36
/** RFC 2045, section 6.8. */
const base64LineLength = 76

/**
 * A letter as it is written to disk or to SMTP (RFC 5322, RFC 2045 to 2047): UTF-8 text in base64, headers in ASCII, lines that end with CRLF.
 * @throws LetterRefused for an address that could end its header and begin another
 */
export function composeMessage({ to, subject, text, id, writtenAt }: WrittenLetter, from: Mailbox): string {
  const headers = [
    `Date: ${dateTime(writtenAt)}`,
    `From: ${mailbox(from)}`,
    `To: ${mailbox(to)}`,
    `Subject: ${encodedWords(subject)}`,
    `Message-ID: <${id}@${from.email.split('@')[1]}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    // RFC 3834: holiday notices do not answer to a program.
    'Auto-Submitted: auto-generated',
  ]
  return `${headers.join('\r\n')}\r\n\r\n${base64Lines(text.replace(/\r?\n/g, '\r\n'))}\r\n`
}

/** RFC 5322, section 3.3: `Tue, 24 Nov 2026 04:30:00 +0000`. */
function dateTime(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

/** Narrower than RFC 5322 on purpose: no quoted local parts, no comments, nothing that is not printable ASCII. */
export function isMailAddress(email: string): boolean {
  return email.length <= 254 && /^[!#$%&'*+\-./0-9=?A-Z^_`a-z{|}~]+@[0-9A-Za-z.-]+$/.test(email)
}

function mailbox({ name, email }: Mailbox): string {
  if (!isMailAddress(email))
    throw new LetterRefused('The mail address has characters that are not sent.', { forGood: true })
  return name === '' ? `<${email}>` : `${encodedWords(name)} <${email}>`
}

/** Always encoded unless it is plain words: then no character can be taken for structure, and a line break is just another byte. */
function encodedWords(text: string): string {
  if (/^[A-Za-z0-9 ]{0,60}$/.test(text)) return text
  const words: string[] = []
  let bytes = Buffer.alloc(0)
  for (const character of text) {
    const more = Buffer.from(character, 'utf8')
    if (bytes.length + more.length > bytesPerEncodedWord) {
      words.push(bytes.toString('base64'))
      bytes = Buffer.alloc(0)
    }
    bytes = Buffer.concat([bytes, more])
  }
  words.push(bytes.toString('base64'))
  return words.map((word) => `=?utf-8?B?${word}?=`).join('\r\n ')
}

function base64Lines(text: string): string {
  const encoded = Buffer.from(text, 'utf8').toString('base64')
  return encoded.match(new RegExp(`.{1,${base64LineLength}}`, 'g'))?.join('\r\n') ?? ''
}
