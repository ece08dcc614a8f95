import { mkdir, open, rename } from 'node:fs/promises'
import path from 'node:path'
import type { Mailbox, Mailer } from './letter.ts'
import { composeMessage } from './message.ts'

/**
 * Letters as files that every mail program opens, for who has no mail server or wants to see what would be sent. A file appears whole or
 * not at all, named by its time, readable by its owner alone.
 */
export function mailFolder({ folder, from }: { folder: string; from: Mailbox }): Mailer {
  return {
    place: { kind: 'folder', folder },
    from,
    send: async (letter) => {
      const message = composeMessage(letter, from)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = path.join(folder, `${letter.writtenAt.toISOString().replaceAll(':', '-')}-${letter.id}.eml`)
      await writeDurably(`${file}.new`, message)
      await rename(`${file}.new`, file)
    },
  }
}

/** A rest of an earlier try is written over. */
async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
