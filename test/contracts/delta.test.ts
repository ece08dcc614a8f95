import { type Client, GraphError, type PageCollection, PageIterator } from '@microsoft/microsoft-graph-client'
import type { Event } from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { asking, hours, meeting } from '../support/meeting.ts'

type Row = Event & { '@removed'?: { reason?: string } }

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
beforeEach(() => graph.tenant.reset())
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(() => graph.close())

describe('rounds', () => {
  test('a full round, then changes only, through links that are taken as they are', async () => {
    const alice = graph.as(people.alice)
    for (let made = 0; made < 5; made += 1) await create(`Number ${made}`)
    const full = await round(alice, first('/me'), { prefer: 'odata.maxpagesize=2' })
    expect(full.rows.map((row) => row.subject)).toEqual([0, 1, 2, 3, 4].map((made) => `Number ${made}`))
    expect(full.pages).toBe(3)
    expect(full.rows[0]).toMatchObject({ '@odata.type': '#microsoft.graph.event', type: 'singleInstance' })

    expect((await round(alice, full.link)).rows).toEqual([])
    const [kept, gone] = full.rows
    await alice.api(`/me/events/${kept?.id}`).patch({ subject: 'Changed' })
    await alice.api(`/me/events/${kept?.id}`).patch({ subject: 'Changed again' })
    await alice.api(`/me/events/${gone?.id}`).delete()
    const changes = await round(alice, full.link)
    expect(changes.rows).toHaveLength(2)
    expect(changes.rows[0]).toMatchObject({ id: kept?.id, subject: 'Changed again' })
    expect(changes.rows[1]).toEqual({
      '@odata.type': '#microsoft.graph.event',
      id: gone?.id,
      '@removed': { reason: 'deleted' },
    })
    expect((await round(alice, changes.link)).rows).toEqual([])
    // An old link is still good and tells the same once more.
    expect((await round(alice, full.link)).rows).toEqual(changes.rows)
  })

  test("Microsoft's PageIterator walks a round to its delta link", async () => {
    for (let made = 0; made < 25; made += 1) await create(`Number ${made}`)
    const alice = graph.as(people.alice)
    const seen: string[] = []
    const page: PageCollection = await alice.api(first('/me')).get()
    const iterator = new PageIterator(alice, page, (event: Event) => seen.push(event.subject ?? '') > 0)
    await iterator.iterate()
    expect(seen).toHaveLength(25)
    expect(iterator.getDeltaLink()).toMatch(/calendarView\/delta\?\$deltatoken=/)
  })

  test('the window is frozen: what leaves it, and what changes outside of it, comes as removed', async () => {
    const alice = graph.as(people.alice)
    const inside = await create('Inside')
    const outside: Event = await alice.api('/me/events').post(meeting(inNineDays()))
    const full = await round(alice, first('/me'))
    expect(full.rows.map((row) => row.id)).toEqual([inside.id])
    await alice.api(`/me/events/${inside.id}`).patch(hours(inNineDays(), 10, 11))
    await alice.api(`/me/events/${outside.id}`).patch({ subject: 'Far away' })
    expect(removedIn(await round(alice, full.link))).toEqual([inside.id, outside.id])
    graph.tenant.turnSwitches({ deltaRemovesUnseen: false })
    expect(removedIn(await round(alice, full.link))).toEqual([inside.id])
    await alice.api(`/me/events/${outside.id}`).patch(hours(graph.tenant.now(), 10, 11))
    expect((await round(alice, full.link)).rows.at(-1)).toMatchObject({ id: outside.id, subject: 'Far away' })
  })

  test("a room's answer is a change of both copies", async () => {
    const app = graph.asApplication()
    const alices = await round(graph.as(people.alice), first('/me'))
    const rooms_ = await round(app, first(`/users/${rooms.mercury}`))
    await create('Standup', { attendees: asking(rooms.mercury) })
    graph.pass()
    expect((await round(graph.as(people.alice), alices.link)).rows).toMatchObject([
      { subject: 'Standup', attendees: [{ status: { response: 'accepted' } }] },
    ])
    expect((await round(app, rooms_.link)).rows).toMatchObject([
      { subject: 'Alice Meyer', responseStatus: { response: 'accepted' } },
    ])
  })
})

describe('what is asked for', () => {
  test('every spelling of the path, the time zone and the kind of id', async () => {
    const created = await create('Standup')
    const alice = graph.as(people.alice)
    const { id: calendar } = await alice.api('/me/calendar').get()
    const query = first('/me').split('?')[1]
    for (const path of ['/me/calendar/calendarView', `/me/calendars/${calendar}/calendarView`, '/me/calendarview'])
      for (const called of ['delta', 'delta()'])
        expect((await round(alice, `${path}/${called}?${query}`)).rows.map(({ id }) => id)).toEqual([created.id])
    const prefer = 'outlook.timezone="America/New_York", IdType="ImmutableId"'
    const { rows: read, link } = await round(alice, first('/me'), { prefer })
    expect(read[0]?.start).toMatchObject({ timeZone: 'America/New_York' })
    expect(read[0]?.id).not.toBe(created.id)
    await alice.api(`/me/events/${created.id}`).delete()
    expect(removedIn(await round(alice, link, { prefer }))).toEqual([read[0]?.id])
    expect(removedIn(await round(alice, link))).toEqual([created.id])
  })

  test.each(['$select=subject', "$filter=subject eq 'a'", '$expand=attachments', '$orderby=subject', '$search=a'])(
    '%s is refused',
    async (option) => {
      const problem = await problemOf(graph.as(people.alice), `${first('/me')}&${option}`)
      expect(problem).toEqual([400, 'ErrorInvalidUrlQuery'])
    },
  )

  test('tokens in any case, a keyed mailbox and an encoded function are taken; a batch has links of its own', async () => {
    await create('Standup')
    const token = await graph.token(people.alice)
    const { link } = await round(graph.as(people.alice), first('/me'))
    const shouted = pathOf(link).replace('$deltatoken', '$DELTATOKEN').replace('/delta?', '/Delta%28%29?')
    expect((await graph.call(token, 'GET', shouted)).status).toBe(200)
    const keyed = first(`/Users('${people.alice}')`).replace('startDateTime', 'STARTDATETIME')
    expect((await graph.call(token, 'GET', `/v1.0${keyed}`)).status).toBe(200)
    const batch = { requests: [{ id: '1', method: 'GET', url: first('/me') }] }
    const answer = await (await graph.call(token, 'POST', '/v1.0/$batch', { body: batch })).json()
    expect(answer.responses[0].body).toMatchObject({ value: [{ subject: 'Standup' }] })
    expect((await round(graph.as(people.alice), answer.responses[0].body['@odata.deltaLink'])).rows).toEqual([])
  })

  test('a window is needed', async () => {
    expect(await problemOf(graph.as(people.alice), '/me/calendarView/delta')).toEqual([400, 'ErrorInvalidParameter'])
  })

  test('a delegated token reads the first page of somebody else and no second one', async () => {
    for (let made = 0; made < 3; made += 1)
      await graph.as(people.service).api(`/users/${rooms.mercury}/events`).post(meeting(graph.tenant.now()))
    const headers = { prefer: 'odata.maxpagesize=2' }
    const [first_, second] = await Promise.all(
      [people.service, null].map(async (who) => {
        const client = who === null ? graph.asApplication() : graph.as(who)
        const page = await client
          .api(first(`/users/${rooms.mercury}`))
          .headers(headers)
          .get()
        return problemOf(client, page['@odata.nextLink'])
      }),
    )
    expect([first_, second]).toEqual([[403, 'ErrorAccessDenied'], null])
  })
})

describe('a state that is gone', () => {
  test('is answered with where to begin anew', async () => {
    const alice = graph.as(people.alice)
    const { link } = await round(alice, first('/me'))
    await create('Standup')
    graph.tenant.changes.evict(idOf(people.alice))
    for (const path of [pathOf(link), '/v1.0/me/calendarView/delta?$deltatoken=nonsense']) {
      const answer = await graph.call(await graph.token(people.alice), 'GET', path)
      expect(answer.status).toBe(410)
      expect(await answer.json()).toMatchObject({ error: { code: 'SyncStateNotFound' } })
      expect(answer.headers.get('location')).toMatch(/\$deltatoken=$/)
    }
    const gone = await graph.call(await graph.token(people.alice), 'GET', pathOf(link))
    const anew = await round(alice, gone.headers.get('location') ?? '')
    expect(anew.rows.map((row) => row.subject)).toEqual(['Standup'])
  })

  test('when its changes were thrown out of a full log, and not before', async () => {
    graph.tenant.turnSwitches({ deltaChangesKept: 3 })
    const alice = graph.as(people.alice)
    const old = await round(alice, first('/me'))
    for (let made = 0; made < 3; made += 1) await create(`Number ${made}`)
    expect((await round(alice, old.link)).rows).toHaveLength(3)
    await create('One too many')
    expect(await problemOf(alice, old.link)).toEqual([410, 'SyncStateNotFound'])
  })

  test('a reset tenant knows no token of before, and another mailbox none of this one', async () => {
    const { link } = await round(graph.as(people.alice), first('/me'))
    expect(await problemOf(graph.as(people.bob), link)).toEqual([410, 'SyncStateNotFound'])
    graph.tenant.reset()
    expect(await problemOf(graph.as(people.alice), link)).toEqual([410, 'SyncStateNotFound'])
  })
})

async function create(subject: string, changes: Event = {}): Promise<Event> {
  return graph
    .as(people.alice)
    .api('/me/events')
    .post(meeting(graph.tenant.now(), { subject, ...changes }))
}

/** The first request of a round over the coming week. */
function first(mailbox: string): string {
  const now = graph.tenant.now().getTime()
  const [from, to] = [now, now + 7 * 86_400_000].map((at) => new Date(at).toISOString())
  return `${mailbox}/calendarView/delta?startDateTime=${from}&endDateTime=${to}`
}

async function round(client: Client, from: string, headers: Record<string, string> = {}) {
  const rows: Row[] = []
  let [link, pages] = [from, 0]
  for (let done = false; !done; pages += 1) {
    const page = await client.api(link).headers(headers).get()
    rows.push(...page.value)
    done = page['@odata.nextLink'] === undefined
    link = page[done ? '@odata.deltaLink' : '@odata.nextLink']
  }
  return { rows, link, pages }
}

function removedIn({ rows }: { rows: Row[] }): (string | undefined)[] {
  return rows.filter((row) => row['@removed'] !== undefined).map((row) => row.id)
}

async function problemOf(client: Client, path: string): Promise<[number, string | null] | null> {
  const problem = await client
    .api(path)
    .get()
    .then(
      () => null,
      (cause: unknown) => cause,
    )
  return problem instanceof GraphError ? [problem.statusCode, problem.code] : null
}

function inNineDays(): Date {
  return new Date(graph.tenant.now().getTime() + 9 * 86_400_000)
}

function idOf(person: string): string {
  return graph.tenant.findUser(person)?.id ?? ''
}

function pathOf(link: string): string {
  const { pathname, search } = new URL(link)
  return pathname + search
}
