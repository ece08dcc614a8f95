import { readFileSync } from 'node:fs'

/** Resident memory of a process in megabytes, read every so often (Linux: /proc). */
export function watchMemory(pid: number): { now: () => number; stop: () => number } {
  let most = residentMegabytes(pid)
  const timer = setInterval(() => {
    most = Math.max(most, residentMegabytes(pid))
  }, 100)
  return {
    now: () => residentMegabytes(pid),
    /** @returns the most it had since. */
    stop: () => {
      clearInterval(timer)
      return most
    },
  }
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1_024
}
