import { mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'
import type { Seams } from '#kit/seams.ts'
import type { Mailer } from './mailer.ts'
import { composeMessage } from './message.ts'

export type MailFolder = {
  folder: string
  /** Who the mails come from. */
  from: { name: string; email: string }
  seams: Pick<Seams, 'now' | 'newId'>
}

/**
 * Mails as files that every mail program opens, for who has no mail server or wants to see what would be sent. A file appears whole or not
 * at all, named by its time, readable by its owner alone.
 */
export function mailFolder({ folder, from, seams }: MailFolder): Mailer {
  return {
    send: async (mail) => {
      const id = seams.newId()
      const date = seams.now()
      const message = composeMessage(mail, { from, date, messageId: `${id}@${from.email.split('@')[1]}` })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = path.join(folder, `${date.toISOString().replaceAll(':', '-')}-${id}.eml`)
      await writeDurably(`${file}.new`, message)
      await rename(`${file}.new`, file)
    },
  }
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
