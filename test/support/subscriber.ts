import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ChangeNotification } from '@microsoft/microsoft-graph-types'
import { until } from './until.ts'

export type Notified = ChangeNotification & { resourceData?: { id?: string; '@odata.etag'?: string } }
type Answer = (response: ServerResponse) => void

export type Subscriber = {
  url: string
  /** Every handshake: content type and query, decoded. */
  handshakes: { contentType: string | undefined; query: URLSearchParams }[]
  /** Every request that carried notifications, as it came. */
  batches: Notified[][]
  /** How handshakes and notifications are answered; as Graph wants it unless told otherwise. */
  answers: { handshake: (token: string, response: ServerResponse) => void; notification: Answer }
  /** Waits until `count` items came, and returns all of them. */
  received: (count: number) => Promise<Notified[]>
  reset: () => void
  close: () => Promise<void>
}

const good: Subscriber['answers'] = {
  handshake: (token, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(token),
  notification: (response) => response.writeHead(202).end(),
}

/** An endpoint that takes notifications over real HTTP. */
export async function openSubscriber(): Promise<Subscriber> {
  const subscriber: Omit<Subscriber, 'url' | 'close'> = {
    handshakes: [],
    batches: [],
    answers: { ...good },
    received: (count) =>
      until(() => (subscriber.batches.flat().length >= count ? subscriber.batches.flat() : null), {
        what: `${count} notifications`,
      }),
    reset: () => {
      subscriber.handshakes.length = 0
      subscriber.batches.length = 0
      Object.assign(subscriber.answers, good)
    },
  }
  const server = createServer((request, response) => void answer(subscriber, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...subscriber,
    url: `http://localhost:${(server.address() as AddressInfo).port}/notifications?for=us`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function answer(
  { handshakes, batches, answers }: Omit<Subscriber, 'url' | 'close'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { searchParams: query } = new URL(request.url ?? '/', 'http://localhost')
  const token = query.get('validationToken')
  if (token !== null) {
    handshakes.push({ contentType: request.headers['content-type'], query })
    answers.handshake(token, response)
    return
  }
  batches.push(JSON.parse(Buffer.concat(chunks).toString()).value)
  answers.notification(response)
}
