import { spawnSync } from 'node:child_process'

/**
 * Calls back when the `npm` that started us has ended. npm runs us through a shell, and a shell that is told to end says
 * nothing to what it runs: without this, `kill` of npm would leave Anteroom running with nobody to stop it.
 */
export function whenNpmEnds(callback) {
  if (process.env.npm_lifecycle_event === undefined) return // started directly, perhaps to outlive its shell
  const parents = [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1)
  const look = setInterval(() => {
    if (process.ppid === parents[0] && parents.every(isAlive)) return
    clearInterval(look)
    callback()
  }, 1000)
  look.unref()
}

function parentOf(pid) {
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (problem) {
    return problem.code === 'EPERM'
  }
}
