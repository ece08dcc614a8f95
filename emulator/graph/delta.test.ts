import { beforeEach, describe, expect, test } from 'vitest'
import { openSeededTenant, type SeededTenant } from '../../test/support/seeded-tenant.ts'

const alice = 'alice.meyer@contoso.example'
const window = '/me/calendarView/delta?startDateTime=2030-01-01&endDateTime=2030-02-01'
type Row = { id: string; subject?: string; '@odata.type'?: string; '@removed'?: { reason: string } }

let seeded: SeededTenant
beforeEach(() => {
  seeded = openSeededTenant(7)
})

describe('what the switches do to delta', () => {
  test('a state may be gone, under any of its names', async () => {
    const { link } = await round()
    seeded.tenant.turnSwitches({ deltaGone: 1, deltaGoneAs: 'any' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(link)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([410]))
    const codes = answers.map(({ body }) => body.error?.code)
    expect(new Set(codes)).toEqual(new Set(['SyncStateNotFound', 'syncStateNotFound', 'resyncRequired']))
    expect(answers[0]?.headers.get('location')).toMatch(/startDateTime=2030-01-01.*&\$deltatoken=$/)
    expect((await ask(window)).status).toBe(200)
  })

  test('tokens grow old', async () => {
    seeded.tenant.turnSwitches({ deltaTokenLifeMs: 3_600_000 })
    const { link } = await round()
    await seeded.tenant.advance(3_600_000)
    expect((await ask(link)).status).toBe(200)
    await seeded.tenant.advance(1)
    expect((await ask(link)).status).toBe(410)
  })

  test('what was told is told again', async () => {
    const made = [await create('One'), await create('Two'), await create('Three')]
    const { link } = await round()
    seeded.tenant.turnSwitches({ deltaReplays: 1 })
    const { rows } = await round(link)
    expect(rows.length).toBeGreaterThan(0)
    expect(made).toEqual(expect.arrayContaining(rows.map(({ id }) => id)))
  })

  test('an item comes twice, its older version first', async () => {
    const id = await create('Before')
    const { link } = await round()
    await seeded.call(alice, 'PATCH', `/me/events/${id}`, { subject: 'After' })
    seeded.tenant.turnSwitches({ deltaDuplicates: 1 })
    expect((await round(link)).rows.map(({ subject }) => subject)).toEqual(['Before', 'After'])
  })

  test('a deletion may be silent; another is told, sparsely where asked for', async () => {
    const [silent, told] = [await create('Silent'), await create('Told')]
    const { link } = await round()
    seeded.tenant.turnSwitches({ deltaSilentDeletions: 1 })
    await seeded.call(alice, 'DELETE', `/me/events/${silent}`)
    seeded.tenant.turnSwitches({ deltaSilentDeletions: 0, deltaSparseTombstones: true })
    await seeded.call(alice, 'DELETE', `/me/events/${told}`)
    expect((await round(link)).rows).toEqual([{ id: told, '@removed': { reason: 'deleted' } }])
  })

  test('pages are empty, and paging may never end', async () => {
    await create('One')
    seeded.tenant.turnSwitches({ deltaEmptyPages: 0.5 })
    const rounds: Awaited<ReturnType<typeof round>>[] = []
    for (let made = 0; made < 20; made += 1) rounds.push(await round())
    expect(new Set(rounds.map(({ rows }) => rows.length))).toEqual(new Set([1]))
    expect(rounds.reduce((sum, { pages }) => sum + pages, 0)).toBeGreaterThan(25)
    seeded.tenant.turnSwitches({ deltaEmptyPages: 0, deltaEndless: true })
    const links = new Set<string>()
    for (let link = window; links.size < 50; ) {
      const { body } = await ask(link)
      link = body['@odata.nextLink'] ?? ''
      expect(links.has(link)).toBe(false)
      links.add(link)
    }
  })

  test('a link may lead elsewhere', async () => {
    seeded.tenant.turnSwitches({ deltaForeignLinks: 1 })
    expect(new URL((await round()).link).hostname).toBe('graph.microsoft.com.elsewhere.example')
  })

  test('a change takes a while to show, and until then things are as they were', async () => {
    const [changed, deleted] = [await create('Before'), await create('Going')]
    seeded.tenant.turnSwitches({ deltaDelayMs: 10_000 })
    await seeded.tenant.advance(10_000)
    const { link } = await round()
    await seeded.call(alice, 'PATCH', `/me/events/${changed}`, { subject: 'After' })
    await seeded.call(alice, 'DELETE', `/me/events/${deleted}`)
    await create('New')
    expect((await round(link)).rows).toEqual([])
    const anew = await round()
    expect(anew.rows.map(({ subject }) => subject)).toEqual(['Before', 'Going'])
    await seeded.tenant.advance(10_000)
    for (const late of [await round(link), await round(anew.link)]) {
      expect(late.rows.map(({ subject }) => subject)).toEqual(['After', undefined, 'New'])
    }
  })

  test('a large window times out, in a view too', async () => {
    seeded.tenant.turnSwitches({ gatewayTimeoutAboveDays: 30 })
    expect((await ask(window)).status).toBe(504)
    expect((await ask(window.replace('/delta', ''))).status).toBe(504)
    expect((await ask(window.replace('2030-02-01', '2030-01-30'))).status).toBe(200)
  })

  test('a list may be empty once, and then delta has moved on', async () => {
    await create('One')
    for (const path of ['/v1.0/me/calendarView', '/v1.0/me/calendarView/delta'])
      await seeded.control('POST', '/faults', { match: `GET ${path}`, emptyList: true })
    const view = await ask(window.replace('/delta', ''))
    expect([view.status, view.body.value]).toEqual([200, []])
    const glitch = await round()
    expect(glitch.rows).toEqual([])
    expect((await round(glitch.link)).rows).toEqual([])
    expect((await round()).rows).toHaveLength(1)
  })
})

test('an item that moved is another by its id and the same by its immutable one', async () => {
  const id = await create('Moving')
  const { link } = await round()
  await seeded.control('POST', `/events/${id}/move`)
  const { rows } = await round(link)
  expect(rows).toMatchObject([{ id, '@removed': { reason: 'deleted' } }, { subject: 'Moving' }])
  const [item] = seeded.judge.items(alice)
  expect(rows[1]?.id).toBe(item?.id)
  const immutable = await seeded.fetch(link, {
    headers: { authorization: `Bearer ${await seeded.token(alice)}`, prefer: 'IdType="ImmutableId"' },
  })
  expect((await immutable.json()).value).toMatchObject([{ id: item?.immutableId, subject: 'Moving' }])
})

test('the log of changes outlives its mailbox being evicted, place by place', () => {
  const { changes } = seeded.tenant
  const before = changes.lastBefore('m')
  changes.evict('m')
  expect(changes.between('m', before, before)).toBeNull()
  const after = changes.lastBefore('m')
  expect(changes.between('m', after, after)).toEqual([])
  expect(changes.between('m', after + 1, after + 1)).toBeNull()
})

type Page = {
  value: Row[]
  error?: { code: string }
  '@odata.nextLink'?: string
  '@odata.deltaLink'?: string
}

function ask(path: string) {
  return seeded.call<Page>(alice, 'GET', path)
}

async function create(subject: string): Promise<string> {
  const start = { dateTime: '2030-01-08T10:00:00', timeZone: 'UTC' }
  const { body } = await seeded.call<{ id: string }>(alice, 'POST', '/me/events', { subject, start, end: start })
  return body.id
}

async function round(from = window): Promise<{ rows: Row[]; link: string; pages: number }> {
  const rows: Row[] = []
  let next: string | undefined = from
  let link = from
  let pages = 0
  for (; next !== undefined; pages += 1) {
    const page: Page = (await ask(next)).body
    rows.push(...page.value)
    next = page['@odata.nextLink']
    link = page['@odata.deltaLink'] ?? link
  }
  return { rows, link, pages }
}
