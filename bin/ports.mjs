import net from 'node:net'

/**
 * Whether somebody listens on a port of this machine. A program of ours whose starter was killed needs a moment to notice
 * and to stop, so a taken port is looked at again for a few seconds; a tenant that still answers after one is not stopping.
 */
export async function portIsTaken(port) {
  for (let attempt = 0; attempt < 25; attempt++) {
    const taken = (await answers('127.0.0.1', port)) || (await answers('::1', port))
    if (!taken) return false
    if (attempt === 5 && (await runningTenant(port))) return true
    await delay(200)
  }
  return true
}

/** What a local tenant on this port says about itself; null when it is something else. */
export async function runningTenant(port) {
  try {
    const response = await fetch(`http://localhost:${port}/_tenant`, { signal: AbortSignal.timeout(2000) })
    const about = await response.json()
    return response.ok && about !== null && typeof about === 'object' ? about : null
  } catch {
    return null
  }
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 })
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket
      .on('connect', () => end(true))
      .on('error', () => end(false))
      .on('timeout', () => end(false))
  })
}

function delay(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
