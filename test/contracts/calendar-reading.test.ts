import { type PageCollection, PageIterator } from '@microsoft/microsoft-graph-client'
import type { Event } from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { asking, hours, meeting } from '../support/meeting.ts'

const property = 'String {66f5a359-4659-4830-9070-00047ec6ac6e} Name ReservationId'

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
beforeEach(() => graph.tenant.reset())
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(() => graph.close())

describe('preferences', () => {
  test('times come in UTC with seven digits, or in the preferred zone, named as asked', async () => {
    const created = await create({
      start: { dateTime: '2030-07-01T10:00:00', timeZone: 'W. Europe Standard Time' },
      end: { dateTime: '2030-07-01T11:00:00', timeZone: 'W. Europe Standard Time' },
    })
    expect(created.start).toEqual({ dateTime: '2030-07-01T08:00:00.0000000', timeZone: 'UTC' })
    expect(created.originalStartTimeZone).toBe('W. Europe Standard Time')
    const at = (zone: string) => read(created.id, { prefer: `outlook.timezone="${zone}"` })
    const inNewYork = await at('America/New_York')
    expect(inNewYork.body.start).toEqual({ dateTime: '2030-07-01T04:00:00.0000000', timeZone: 'America/New_York' })
    expect(inNewYork.headers.get('preference-applied')).toBe('outlook.timezone="America/New_York"')
    expect((await at('Eastern Standard Time')).body.start?.dateTime).toBe('2030-07-01T04:00:00.0000000')
    expect((await at('Mars/Olympus')).status).toBe(400)
  })

  test('a body comes back as a whole HTML document unless text is preferred', async () => {
    const created = await create({ body: { contentType: 'text', content: 'a < b' } })
    expect(created.body?.contentType).toBe('html')
    expect(created.body?.content).toMatch(/^<html>[\s\S]*a &lt; b[\s\S]*<\/html>/)
    const asText = await read(created.id, { prefer: 'outlook.body-content-type="text"' })
    expect(asText.body.body).toEqual({ contentType: 'text', content: 'a < b' })
    expect(asText.headers.get('preference-applied')).toBe('outlook.body-content-type="text"')
  })

  test('immutable ids are other ids of the same item, and both are understood', async () => {
    const created = await create()
    const immutable = await read(created.id, { prefer: 'IdType="ImmutableId"' })
    expect(immutable.body.id).not.toBe(created.id)
    expect((await read(immutable.body.id)).body.id).toBe(created.id)
  })

  test('an all-day event is midnight to midnight in every zone', async () => {
    const midnight = (day: string) => ({ dateTime: `${day}T00:00:00`, timeZone: 'Europe/Berlin' })
    const created = await create({ isAllDay: true, start: midnight('2030-07-01'), end: midnight('2030-07-02') })
    expect(created.start).toEqual({ dateTime: '2030-07-01T00:00:00.0000000', timeZone: 'UTC' })
  })
})

describe('spelling', () => {
  test('paths, query names, enumerations and body names may be in any case; answers are lowerCamel', async () => {
    const token = await graph.token(people.alice)
    const body = {
      Subject: 'Loud',
      Start: { DateTime: '2030-07-01T10:00:00', TimeZone: 'UTC' },
      End: { DateTime: '2030-07-01T11:00:00', TimeZone: 'utc' },
      Attendees: [{ EmailAddress: { Address: rooms.mars }, Type: 'Resource' }],
    }
    const created = await graph.call(token, 'POST', '/v1.0/Me/Events', { body })
    expect(created.status).toBe(201)
    expect(await created.json()).toMatchObject({ subject: 'Loud', attendees: [{ type: 'resource' }] })
    const view =
      '/v1.0/me/calendarview?startdatetime=2030-07-01T00:00:00Z&ENDDATETIME=2030-07-02T00:00:00Z&$Select=Subject'
    const [event] = ((await (await graph.call(token, 'GET', view)).json()) as { value: Event[] }).value
    expect(Object.keys(event ?? {}).toSorted()).toEqual(['@odata.etag', 'id', 'subject'])
  })

  test("every answer has its ids, and echoes the client's", async () => {
    const headers = { 'client-request-id': '5b1f7b3e-0000-4000-8000-00000000c0de' }
    const response = await graph.call(await graph.token(people.alice), 'GET', '/v1.0/me/events/AAnone', { headers })
    const requestId = response.headers.get('request-id')
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
    expect(response.headers.get('client-request-id')).toBe(headers['client-request-id'])
    expect(await response.json()).toMatchObject({
      error: {
        code: 'ErrorInvalidIdMalformed',
        innerError: { 'request-id': requestId, 'client-request-id': headers['client-request-id'] },
      },
    })
  })
})

describe('lists', () => {
  test('a calendar view pages by ten, by $top and by preference, and takes offsets in its window', async () => {
    for (let minute = 0; minute < 12; minute += 1) {
      const at = (offset: number) => ({
        dateTime: `2030-07-01T10:${String(minute + offset).padStart(2, '0')}:00`,
        timeZone: 'UTC',
      })
      await create({ subject: `n${minute}`, start: at(0), end: at(1) })
    }
    const client = graph.as(people.alice)
    const view = '/me/calendarView?startDateTime=2030-07-01T12:00:00%2B02:00&endDateTime=2030-07-01T11:00:00'
    const page: PageCollection = await client.api(view).get()
    expect(page.value).toHaveLength(10)
    expect(page['@odata.nextLink']).toMatch(`${graph.origin}/v1.0/me/calendarView?`)
    const seen: string[] = []
    await new PageIterator(client, page, (event: Event) => seen.push(event.subject ?? '') > 0).iterate()
    expect(seen).toEqual(Array.from({ length: 12 }, (_, minute) => `n${minute}`))
    const three: PageCollection = await client.api(view).top(3).get()
    expect(three.value).toHaveLength(3)
    const preferred: PageCollection = await client.api(view).header('Prefer', 'odata.maxpagesize=5').get()
    expect(preferred.value).toHaveLength(5)
    await expect(client.api('/me/calendarView').get()).rejects.toMatchObject({
      statusCode: 400,
      code: 'ErrorInvalidParameter',
    })
  })

  test('a window has what overlaps it, and not what touches it', async () => {
    const now = graph.tenant.now()
    await create({ subject: 'before', ...hours(now, 9, 10, 'UTC') })
    await create({ subject: 'into', ...hours(now, 9, 11, 'UTC') })
    await create({ subject: 'after', ...hours(now, 12, 13, 'UTC') })
    const { start, end } = hours(now, 10, 12, 'UTC')
    const page: PageCollection = await graph
      .as(people.alice)
      .api('/me/calendarView')
      .query({ startDateTime: start?.dateTime ?? '', endDateTime: end?.dateTime ?? '' })
      .get()
    expect(page.value.map((event: Event) => event.subject)).toEqual(['into'])
  })

  test('filters that calendar pages document', async () => {
    const now = graph.tenant.now()
    const early = await create({ subject: "Ann's early one", ...hours(now, 8, 9), transactionId: 'tx-9' })
    await create({ subject: 'Late one', ...hours(now, 18, 19) })
    const found = async (filter: string) => {
      const page: PageCollection = await graph
        .as(people.alice)
        .api('/me/events')
        .filter(filter)
        .orderby('start/dateTime')
        .select('subject,start')
        .get()
      return page.value.map((event: Event) => event.subject)
    }
    const noon = `${early.start?.dateTime?.slice(0, 10)}T12:00:00Z`
    expect(await found(`start/dateTime lt '${noon}'`)).toEqual(["Ann's early one"])
    expect(await found(`start/dateTime ge '${noon}' and end/dateTime lt '2099-01-01'`)).toEqual(['Late one'])
    expect(await found("startswith(subject,'ann''s')")).toEqual(["Ann's early one"])
    expect(await found(`iCalUId eq '${early.iCalUId}'`)).toEqual(["Ann's early one"])
    expect(await found("transactionId eq 'tx-9' or subject eq 'late one'")).toEqual(["Ann's early one", 'Late one'])
    expect(await found("not (isAllDay eq true) and subject in ('Late one', 'x')")).toEqual(['Late one'])
    await expect(found('subject like 3')).rejects.toMatchObject({ code: 'ErrorInvalidUrlQueryFilter' })
  })

  test('an extended property is found, read when asked for, and never echoed', async () => {
    const value = "reservation 7's"
    const created = await create({
      singleValueExtendedProperties: [{ id: property, value }],
      attendees: asking(rooms.mars),
    })
    graph.pass()
    await create()
    expect(created).not.toHaveProperty('singleValueExtendedProperties')
    const client = graph.as(people.alice)
    const filter = `singleValueExtendedProperties/Any(ep: ep/id eq '${property}' and ep/value eq '${value.replace("'", "''")}')`
    const page: PageCollection = await client.api('/me/events').filter(filter).get()
    expect(page.value.map((event: Event) => event.id)).toEqual([created.id])
    expect(page.value[0]).not.toHaveProperty('singleValueExtendedProperties')
    const expand = `singleValueExtendedProperties($filter=id eq '${property}')`
    const expanded: Event = await client.api(`/me/events/${created.id}`).expand(expand).get()
    expect(expanded.singleValueExtendedProperties).toEqual([{ id: property, value }])
    const ofRoom: PageCollection = await graph.asApplication().api(`/users/${rooms.mars}/events`).expand(expand).get()
    expect(ofRoom.value[0]).not.toHaveProperty('singleValueExtendedProperties')
  })
})

async function create(changes: Event = {}): Promise<Event> {
  return graph.as(people.alice).api('/me/events').post(meeting(graph.tenant.now(), changes))
}

async function read(id: string | undefined, headers: Record<string, string> = {}) {
  const response = await graph.call(await graph.token(people.alice), 'GET', `/v1.0/me/events/${id}`, { headers })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Event }
}
