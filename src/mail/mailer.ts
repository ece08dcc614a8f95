/** One mail to one person. Plain text: it says what happened and what to do, and holds no secret. */
export type Mail = {
  to: { name: string; email: string }
  subject: string
  text: string
}

/** Hands a mail over. It resolves when the mail is durably with whoever brings it further; it throws when it is not. */
export type Mailer = { send: (mail: Mail) => Promise<void> }
