import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

/*
 * A process of its own, so that nobody who answers slows it down: requests leave at their time, whatever became of those before (open loop),
 * and each is timed from when it should have left. Told in its argument what to send; prints what came of it as one line.
 */
export type Sending = {
  /** Names the items of this run: theirs are the etags that begin with it. */
  run: string
  url: string
  tenantId: string
  subscriptions: { id: string; clientState: string; mailboxId: string; expiresAt: string }[]
  /** Good items, and how many go in one request. */
  items: number
  perRequest: number
  seconds: number
  /** Forged items that go in good requests: a wrong client state, or a subscription that nobody made. */
  forged: number
  /** Requests to an address that was never given out. */
  strays: number
}

export type Sent = {
  /** Of good requests, in milliseconds, in order. */
  latencies: number[]
  /** How many good requests were answered with what; 0 is no answer. */
  statuses: Record<number, number>
  strayStatuses: Record<number, number>
}

type Request = { url: string; body: string; isStray: boolean }

const sending = JSON.parse(process.argv[2] ?? '') as Sending
process.stdout.write(`${JSON.stringify(await sendAll(requestsOf(sending), sending.seconds * 1_000))}\n`)

async function sendAll(requests: readonly Request[], inMs: number): Promise<Sent> {
  const sent: Sent = { latencies: [], statuses: {}, strayStatuses: {} }
  const startedAt = performance.now()
  const all = requests.map(async (request, n) => {
    const dueAt = startedAt + (n * inMs) / requests.length
    await wait(Math.max(0, dueAt - performance.now()))
    const status = await post(request)
    const counts = request.isStray ? sent.strayStatuses : sent.statuses
    counts[status] = (counts[status] ?? 0) + 1
    if (!request.isStray) sent.latencies.push(performance.now() - dueAt)
  })
  await Promise.all(all)
  return sent
}

async function post({ url, body }: Request): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => null)
  await answer?.arrayBuffer()
  return answer?.status ?? 0
}

function requestsOf({ url, items, perRequest, forged, strays, ...told }: Sending): Request[] {
  const good = Array.from({ length: items }, (_, n) => itemOf(told, n))
  const count = Math.ceil(items / perRequest)
  const requests: Request[] = Array.from({ length: count }, (_, n) => {
    const own = good.slice(n * perRequest, (n + 1) * perRequest)
    const wrong = Array.from({ length: forgedIn(n, count, forged) }, (_, k) => forgedItem(told, n + k))
    return { url, body: JSON.stringify({ value: [...wrong, ...own] }), isStray: false }
  })
  for (let n = 0; n < strays; n++) {
    const stray = { url: url.replace(/[^/]+$/, 'A'.repeat(43)), body: requests[n]?.body ?? '', isStray: true }
    requests.splice(Math.floor((n * requests.length) / strays), 0, stray)
  }
  return requests
}

/** So many of all forged ones go in the nth request that they are spread evenly. */
function forgedIn(n: number, count: number, forged: number): number {
  return Math.floor(((n + 1) * forged) / count) - Math.floor((n * forged) / count)
}

/** As the changeNotification resource describes it. */
function itemOf({ subscriptions, tenantId, run }: Pick<Sending, 'subscriptions' | 'tenantId' | 'run'>, n: number) {
  const subscription = subscriptions[n % subscriptions.length]
  if (subscription === undefined) throw new Error('there are no subscriptions')
  const eventId = `AAMkBurst${n}`
  const resource = `Users/${subscription.mailboxId}/Events/${eventId}`
  return {
    id: randomUUID(),
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: subscription.expiresAt,
    clientState: subscription.clientState,
    changeType: 'updated',
    resource,
    tenantId,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Event',
      '@odata.id': resource,
      '@odata.etag': `W/"${run}${n}"`,
      id: eventId,
    },
  }
}

function forgedItem(told: Parameters<typeof itemOf>[0], n: number) {
  const item = itemOf({ ...told, run: 'forged' }, n)
  return n % 2 === 0 ? { ...item, clientState: 'a guess' } : { ...item, subscriptionId: randomUUID() }
}
