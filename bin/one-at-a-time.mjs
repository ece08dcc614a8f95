import { lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { say } from './step.mjs'

/** `npm start` and `npm test` in two windows of a fresh checkout must not install into the same folder at the same time. */
export async function oneAtATime(projectDir, work) {
  const file = path.join(projectDir, '.build', 'preparing')
  await take(file)
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

async function take(file) {
  for (let said = false; ; ) {
    const holder = tryToTake(file)
    if (holder === null) return
    if (!said) say(`Another command of this checkout (process ${holder}) is preparing it: waiting for that.`)
    said = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Returns null when it is ours, and otherwise the process that has it. What a killed one left behind does not count. */
function tryToTake(file) {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
    symlinkSync(String(process.pid), file) // at once with its content, which a file would not be
    return null
  } catch (problem) {
    // Where nothing can be written, nothing is prepared either.
    if (problem.code !== 'EEXIST') return null
  }
  const holder = holderOf(file)
  if (holder !== null) return holder
  rmSync(file, { force: true })
  return tryToTake(file)
}

/** A process id comes round again, so what is older than any preparing takes does not count either. */
function holderOf(file) {
  try {
    const pid = Number(readlinkSync(file))
    const isOld = Date.now() - lstatSync(file).mtimeMs > 15 * 60_000
    if (isOld || pid === process.pid) return null
    process.kill(pid, 0)
    return pid
  } catch (problem) {
    return problem.code === 'EPERM' ? 'of another user' : null
  }
}
