import type { Event } from '@microsoft/microsoft-graph-types'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
afterAll(() => graph.close())

describe('a meeting with a room', () => {
  test('the room accepts, and each has a copy of its own', async () => {
    const alice = graph.as(people.alice)
    const created: Event = await alice.api('/me/events').post(meeting(1, [rooms.mercury]))
    expect(created.attendees?.[0]?.status?.response).toBe('none')
    graph.pass()
    const seen: Event = await alice.api(`/me/events/${created.id}`).get()
    expect(seen.attendees?.[0]?.status?.response).toBe('accepted')
  })
})

function meeting(day: number, invited: string[]): Event {
  const date = new Date(graph.tenant.now().getTime() + day * 86_400_000).toISOString().slice(0, 10)
  return {
    subject: 'Standup',
    body: { contentType: 'text', content: 'Secret plans' },
    start: { dateTime: `${date}T10:00:00`, timeZone: 'Europe/Berlin' },
    end: { dateTime: `${date}T11:00:00`, timeZone: 'Europe/Berlin' },
    attendees: invited.map((address) => ({ emailAddress: { address }, type: 'resource' })),
  }
}
