import { spawnSync } from 'node:child_process'
import path from 'node:path'

/**
 * Calls back when the `npm` that started us has ended. npm runs us through a shell, and a shell that is told to end says
 * nothing to what it runs: without this, `kill` of npm would leave Anteroom running with nobody to stop it.
 */
export function whenNpmEnds(callback) {
  if (!underNpm) return
  const look = setInterval(() => {
    if (process.ppid === above[0] && above.every(isAlive)) return
    clearInterval(look)
    callback()
  }, 1000)
  look.unref()
}

/** Started directly, we may be meant to outlive our shell. */
const underNpm = process.env.npm_lifecycle_event !== undefined

/** Looked up at once, since npm may end while we still prepare. */
const above = underNpm ? [process.ppid, npmAboveShell(process.ppid)].filter((pid) => pid > 1) : []

/** The parent of `pid` if that is a shell. Some shells put the program in their own place; then `pid` is npm already. */
function npmAboveShell(pid) {
  const { stdout } = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' })
  const [, parent, command = ''] = /^\s*(\d+)\s+(.+?)\s*$/.exec(stdout ?? '') ?? []
  return /^-?\w*sh$/.test(path.basename(command)) ? Number(parent) : 0
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (problem) {
    return problem.code === 'EPERM'
  }
}
