import { readFile, rm, writeFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'

/**
 * A lock that the kernel drops when its holder dies, however it dies, so that nothing stale is left to clean up. Node has
 * no file lock of its own; SQLite, which it carries, takes one on every system we run on.
 *
 * @returns how to give it back, or null when another process holds it.
 */
export async function lockFolder(folder: string): Promise<(() => Promise<void>) | null> {
  const file = new DatabaseSync(`${folder}.lock`, { timeout: 0 })
  try {
    file.exec('pragma journal_mode = memory; begin exclusive')
  } catch {
    file.close()
    return null
  }
  await writeFile(ownerFile(folder), `${process.pid}\n`)
  return async () => {
    await rm(ownerFile(folder), { force: true })
    file.close()
  }
}

/** Who holds the lock of a folder, for people: `process 4711`. */
export async function lockOwner(folder: string): Promise<string> {
  const pid = await readFile(ownerFile(folder), 'utf8').catch(() => '')
  return pid ? `process ${pid.trim()}` : 'a process that is just starting or stopping'
}

function ownerFile(folder: string): string {
  return `${folder}.owner`
}
