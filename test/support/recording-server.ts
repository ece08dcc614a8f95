import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Recorded = { method: string; url: string; headers: IncomingHttpHeaders; body: string }

/** Status 0: none, the line goes dead. */
type Answer = { status: number; headers?: Record<string, string>; body?: string }

export type RecordingServer = {
  origin: string
  /** Every request that arrived, the newest last. */
  seen: Recorded[]
  /** What the next requests are answered with, in order; 200 and the request's method afterwards. */
  answers: Answer[]
  close: () => Promise<void>
}

/** A server of nobody's, so that it can be seen what reaches it. `byPath` is what it always answers at a path. */
export async function startRecordingServer(byPath: Record<string, Answer> = {}): Promise<RecordingServer> {
  const seen: Recorded[] = []
  const answers: RecordingServer['answers'] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url = '', headers } = request
    seen.push({ method, url, headers, body })
    const answer = byPath[url.split('?')[0] ?? ''] ?? answers.shift() ?? { status: 200 }
    if (answer.status === 0) return void request.socket.destroy()
    response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? method)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    answers,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
