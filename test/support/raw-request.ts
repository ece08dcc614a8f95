import { connect } from 'node:net'

/** Sends bytes as they are, which no client library would, and returns what comes back until the server closes or is quiet. */
export function rawRequest(port: number, bytes: string, quietMs = 400): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, 'localhost')
    let answer = ''
    socket.setTimeout(quietMs, () => socket.destroy())
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
    socket.write(bytes, 'latin1')
  })
}
