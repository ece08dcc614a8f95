import {
  BatchRequestContent,
  type BatchRequestStep,
  BatchResponseContent,
  type Client,
} from '@microsoft/microsoft-graph-client'
import type { Event } from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { meeting } from '../support/meeting.ts'

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
beforeEach(() => graph.tenant.reset())
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(() => graph.close())

describe('$batch', () => {
  test('each step has its own answer and its own line in the ledger', async () => {
    const responses = await batch(graph.as(people.alice), [
      { id: '1', request: graphRequest('/me/events', 'POST', meeting(graph.tenant.now())) },
      { id: '2', request: graphRequest('/me/events') },
      { id: '3', request: graphRequest(`/users/${rooms.mercury}/events`) },
    ])
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ['1', 201],
      ['2', 200],
      ['3', 403],
    ])
    const entries = graph.ledger().filter((entry) => entry.batchId !== null)
    const steps = entries.toSorted((one, other) => one.path.localeCompare(other.path))
    expect(steps.map(({ path, mailbox, errorCode }) => [path, mailbox, errorCode])).toEqual([
      ['/v1.0/me/events', people.alice, null],
      ['/v1.0/me/events', people.alice, null],
      [`/v1.0/users/${rooms.mercury}/events`, rooms.mercury, 'DelegatedCalendarAccessDenied'],
    ])
    expect(graph.ledger().find((entry) => entry.path === '/v1.0/$batch')?.requestId).toBe(steps[0]?.batchId)
  })

  test('a step whose predecessor failed is not done', async () => {
    const responses = await batch(graph.as(people.alice), [
      { id: 'first', request: graphRequest('/me/events/nonsense') },
      { id: 'second', request: graphRequest('/me/events', 'POST', meeting(graph.tenant.now())), dependsOn: ['first'] },
    ])
    expect(responses.map(({ id, status }) => [id, status])).toEqual([
      ['first', 400],
      ['second', 424],
    ])
    expect(graph.tenant.events.list()).toEqual([])
  })

  test('what is no batch is refused as a whole', async () => {
    const get = (id: string) => ({ id, method: 'GET', url: '/me' })
    const bad: unknown[] = [
      {},
      { requests: Array.from({ length: 21 }, (_, index) => get(String(index))) },
      { requests: [get('a'), get('A')] },
      { requests: [{ ...get('a'), url: 'https://graph.microsoft.com/v1.0/me' }] },
      { requests: [{ ...get('a'), dependsOn: ['b'] }] },
      { requests: [{ id: 'a', method: 'POST', url: '/me/events', body: {} }] },
      {
        requests: [
          { ...get('a'), dependsOn: ['b'] },
          { ...get('b'), dependsOn: ['a'] },
        ],
      },
    ]
    const token = await graph.token(people.alice)
    for (const body of bad) expect((await graph.call(token, 'POST', '/v1.0/$batch', { body })).status).toBe(400)
  })

  test('unordered steps run four at a time, so a batch alone is never throttled', async () => {
    graph.tenant.turnSwitches({ serviceTimeMs: 5 })
    const steps = Array.from({ length: 20 }, (_, index) => ({ id: String(index), request: graphRequest('/me/events') }))
    const responses = await batch(graph.as(people.alice), steps)
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

describe('throttling', () => {
  test('a fifth concurrent request to one mailbox is refused with a fractional Retry-After; another mailbox is not', async () => {
    graph.tenant.turnSwitches({ serviceTimeMs: 300 })
    const token = await graph.token(null)
    const get = (mailbox: string) => graph.call(token, 'GET', `/v1.0/users/${mailbox}/events`)
    const answers = await Promise.all([...Array.from({ length: 5 }, () => get(rooms.mercury)), get(rooms.venus)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+\.\d+$/)
    expect(await refused?.json()).toMatchObject({
      error: { code: 'ApplicationThrottled', message: expect.stringContaining('over its MailboxConcurrency limit.') },
    })
  })

  test('the budget of ten minutes ends, and begins again', async () => {
    graph.tenant.turnSwitches({ requestsPerTenMinutes: 3 })
    const get = async () => (await graph.call(await graph.token(people.bob), 'GET', '/v1.0/me/events')).status
    graph.pass(600_000)
    expect([await get(), await get(), await get(), await get()]).toEqual([200, 200, 200, 429])
    graph.pass(600_000)
    expect(await get()).toBe(200)
  })

  test("Microsoft's client waits and tries again by itself", async () => {
    const retry = { match: 'POST /v1.0/me/events', times: 1, status: 429, headers: { 'retry-after': '0.02' } }
    graph.tenant.faults.put({ id: 'f1', ...retry, body: {}, delayMs: 0, dropAfter: false, dropBefore: false })
    const created: Event = await graph.as(people.alice).api('/me/events').post(meeting(graph.tenant.now()))
    expect(created.id).toBeTruthy()
    graph.exchanges.splice(0)
    expect(graph.ledger().map(({ status, faultId }) => [status, faultId])).toEqual([
      [429, 'f1'],
      [201, null],
    ])
  })
})

type StepAnswer = { id: string; status: number }

async function batch(client: Client, steps: BatchRequestStep[]): Promise<StepAnswer[]> {
  const content = await new BatchRequestContent(steps).getContent()
  const answers = new BatchResponseContent(await client.api('/$batch').post(content)).getResponses()
  return [...answers]
    .map(([id, response]) => ({ id, status: response.status }))
    .toSorted((a, b) => a.id.localeCompare(b.id))
}

function graphRequest(path: string, method = 'GET', body?: Event): Request {
  const headers = { 'content-type': 'application/json' }
  return new Request(`https://graph.microsoft.com/v1.0${path}`, {
    method,
    ...(body ? { headers, body: JSON.stringify(body) } : {}),
  })
}
