/** One letter to one person. Plain text: it says what happened and what to do, and holds no secret. */
export type Letter = {
  to: { name: string; email: string }
  subject: string
  text: string
}

/** The same with what stays when it is sent a second time, so that mail programs know it for the same. */
export type WrittenLetter = Letter & { id: string; writtenAt: Date }

/** Where letters go, as the console shows it. */
export type MailPlace =
  | { kind: 'folder'; folder: string }
  | { kind: 'smtp'; host: string; port: number; user: string | null; tls: 'always' | 'if_offered' }

/**
 * Brings letters to whoever takes them further. `send` resolves when a letter is durably there. It throws `LetterRefused` when it was this
 * letter that was not taken, and anything else when no letter would have been.
 */
export type Mailer = { place: MailPlace; from: Mailbox; send: (letter: WrittenLetter) => Promise<void> }

export type Mailbox = { name: string; email: string }

/** This letter was not taken; others may be. Unless it is `forGood`, the same letter may be taken later. */
export class LetterRefused extends Error {
  readonly forGood: boolean

  constructor(because: string, { forGood, cause }: { forGood: boolean; cause?: unknown }) {
    super(because, { cause })
    this.name = 'LetterRefused'
    this.forGood = forGood
  }
}
