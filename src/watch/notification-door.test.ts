import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rawRequest } from '../../test/support/raw-request.ts'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'
import { keepSubscription } from './keep-subscription.ts'

let desk: WatchDesk
let nonce: string
let subscription: { id: string; external_id: string }
let clientState: string

beforeAll(async () => {
  desk = await openWatchDesk({ listens: true, switches: { notificationBatchMs: 20 } })
  await desk.watch('Mercury')
  for (const { id } of await rows('subscriptions')) await keepSubscription(desk.deps, id)
  const [row] = await rows('subscriptions')
  nonce = row?.nonce ?? ''
  subscription = { id: row?.id ?? '', external_id: row?.external_id ?? '' }
  clientState = desk.tenant.tenant.subscriptions.list()[0]?.clientState ?? ''
})
beforeEach(async () => {
  await desk.database.db.deleteFrom('change_notifications').execute()
  await desk.database.db.updateTable('room_watches').set({ hints: '0', read_hints: '0' }).execute()
})
afterAll(() => desk.close())

function rows<T extends 'subscriptions' | 'change_notifications' | 'audit_entries'>(table: T) {
  return desk.database.db
    .selectFrom(table as 'subscriptions')
    .selectAll()
    .execute()
}
const stored = () => desk.database.db.selectFrom('change_notifications').selectAll().orderBy('seq').execute()
const hints = async () => Number((await desk.watched('Mercury')).hints)

function item(changes: object = {}): Record<string, unknown> {
  return {
    subscriptionId: subscription.external_id,
    clientState,
    changeType: 'updated',
    resource: 'users/x/events/y',
    resourceData: { id: 'AAMk', '@odata.etag': 'W/"1"' },
    ...changes,
  }
}

function post(body: unknown, { path = `/notifications/${nonce}`, headers = {} } = {}): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(`${desk.deps.notificationUrl}/api/watch${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  })
}

describe('the handshake', () => {
  const knock = (token: string, at = nonce) =>
    post('', {
      path: `/notifications/${at}?validationToken=${encodeURIComponent(token)}`,
      headers: { 'content-type': 'text/plain' },
    })
  const proving = (until: Date | null) =>
    desk.database.db.updateTable('subscriptions').set({ proving_until: until }).execute()
  const soon = () => new Date(desk.deps.seams.now().getTime() + 30_000)

  test('is answered while a subscription is being made, with the token decoded and nothing else', async () => {
    await proving(soon())
    const token = 'Validation: Testing client application reachability + 100%25: ä'
    const answer = await knock(token)
    expect([answer.status, await answer.text()]).toEqual([200, token])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
  })

  test('is nothing to anybody at any other time, and looks like an address that is not ours', async () => {
    await proving(null)
    const late = await knock('Validation: x')
    await proving(new Date(desk.deps.seams.now().getTime() - 1))
    const over = await knock('Validation: x')
    const unknown = await knock('Validation: x', 'x'.repeat(43))
    for (const answer of [late, over, unknown]) expect([answer.status, await answer.text()]).toEqual([404, ''])
  })

  test.each([
    ['markup', '<script>alert(1)</script>'],
    ['a quotation mark', '"'],
    ['two lines', 'a\nb'],
    ['a NUL', 'a\u0000b'],
    ['a long text', 'x'.repeat(2_049)],
    ['nothing', ''],
  ])('gives nothing back that could be more than text: %s', async (_, token) => {
    await proving(soon())
    const answer = await knock(token)
    expect([answer.status, await answer.text()]).toEqual([400, ''])
  })

  test('is answered to POST only', async () => {
    await proving(soon())
    const answer = await fetch(`${desk.deps.notificationUrl}/api/watch/notifications/${nonce}?validationToken=x`)
    expect(answer.status).toBe(405)
  })
})

describe('notifications', () => {
  test('are stored before they are acknowledged, and hint at their room', async () => {
    const answer = await post({ value: [item()] })
    expect([answer.status, await answer.text()]).toEqual([202, ''])
    expect(await stored()).toMatchObject([
      { room_id: desk.room('Mercury'), kind: 'updated', resource_id: 'AAMk', etag: 'W/"1"' },
    ])
    expect(await hints()).toBe(1)
  })

  test('are not acknowledged while they cannot be stored, and Graph is told to come again', async () => {
    const { promise: until, resolve: release } = Promise.withResolvers<void>()
    const held = desk.database.db.transaction().execute(async (trx) => {
      await sql`lock table change_notifications in access exclusive mode`.execute(trx)
      await until
    })
    const startedAt = performance.now()
    expect((await post({ value: [item({ resourceData: { id: 'late', '@odata.etag': 'W/"2"' } })] })).status).toBe(503)
    expect(performance.now() - startedAt).toBeLessThan(9_000)
    release()
    await held
    expect((await post({ value: [item()] })).status).toBe(202)
    expect((await stored()).map(({ resource_id }) => resource_id)).toContain('AAMk')
  })

  test('told once more say nothing new; the same event deleted does', async () => {
    await post({ value: [item(), item()] })
    await post({ value: [item(), item({ changeType: 'deleted' })] })
    expect((await stored()).map(({ kind }) => kind)).toEqual(['updated', 'deleted'])
    expect(await hints()).toBe(2)
  })

  test.each([
    ['a wrong one', 'guess'],
    ['half of it', () => clientState.slice(0, 20)],
    ['none', undefined],
    ['null', null],
    ['a number', 7],
    ['a list', () => [clientState]],
    ['a very long one', 'x'.repeat(5_000)],
  ])('with %s as client state are acknowledged like any other, counted, and do nothing', async (_, given) => {
    const state = typeof given === 'function' ? given() : given
    const before = (await rows('subscriptions'))[0]?.refused ?? 0
    const answer = await post({ value: [item({ clientState: state })] })
    expect([answer.status, await answer.text()]).toEqual([202, ''])
    expect(await stored()).toEqual([])
    expect(await hints()).toBe(0)
    expect((await rows('subscriptions'))[0]?.refused).toBe(before + 1)
  })

  test('refusals are in the trail once a minute, however many there are', async () => {
    const entries = () =>
      desk.database.db
        .selectFrom('audit_entries')
        .selectAll()
        .where('action', '=', 'watch.notification_refused')
        .execute()
    const before = (await entries()).length
    await desk.pass(61_000)
    for (let times = 0; times < 20; times++)
      await post({ value: Array.from({ length: 50 }, () => item({ clientState: 'guess' })) })
    await desk.deps.seams.wait(50)
    expect((await entries()).length - before).toBe(1)
    expect(JSON.stringify(await entries())).not.toContain(clientState)
  })

  test('each item is judged by its own subscription: a good one brings no bad one in', async () => {
    const made = fc.record({
      subscriptionId: fc.constantFrom('mine', 'unknown', ''),
      clientState: fc.constantFrom('mine', 'wrong', ''),
      id: fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(made, { maxLength: 12 }), async (all) => {
        await desk.database.db.deleteFrom('change_notifications').execute()
        const items = all.map((one, n) =>
          item({
            subscriptionId: one.subscriptionId === 'mine' ? subscription.external_id : one.subscriptionId,
            clientState: one.clientState === 'mine' ? clientState : one.clientState,
            resourceData: { id: `${n} ${one.id}`, '@odata.etag': 'W/"1"' },
          }),
        )
        expect((await post({ value: items })).status).toBe(202)
        const good = all.filter((one) => one.subscriptionId === 'mine' && one.clientState === 'mine')
        expect(await stored()).toHaveLength(good.length)
      }),
      { numRuns: 25 },
    )
  })

  test('of a subscription that has another address are not taken', async () => {
    const other = 'o'.repeat(43)
    await desk.database.db
      .insertInto('webhook_registry')
      .values({ name: 'x', nonce: other, rotated_at: new Date(), rotated_by: 'test' })
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ nonce: other }))
      .execute()
    expect((await post({ value: [item()] }, { path: `/notifications/${other}` })).status).toBe(202)
    expect(await stored()).toEqual([])
  })
})

describe('whatever else comes', () => {
  const deep = `{"value":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`
  const keys = JSON.stringify({ value: [Object.fromEntries(Array.from({ length: 15_000 }, (_, n) => [`k${n}`, n]))] })
  test.each<[string, string, number]>([
    ['nothing', '', 400],
    ['no JSON', '{', 400],
    ['a list', '[]', 400],
    ['no list', '{"value":{}}', 400],
    ['too deep', deep.slice(0, 100_000), 400],
    ['too deep and whole', `{"value":${'['.repeat(40)}${']'.repeat(40)}}`, 400],
    ['too many items', JSON.stringify({ value: Array.from({ length: 1_001 }, () => 1) }), 400],
    ['many keys', keys, 202],
    ['numbers without end', '{"value":[{"subscriptionId":1e999,"clientState":1e999}]}', 202],
    [
      'half of a surrogate pair',
      '{"value":[{"subscriptionId":"\\ud800","clientState":"\\ud800","changeType":"updated"}]}',
      202,
    ],
    ['the same key twice', '{"value":[],"value":7}', 400],
    ['prototypes', '{"value":[{"__proto__":{"subscriptionId":"x"},"constructor":{"prototype":{}}}]}', 202],
    ['too large', JSON.stringify({ value: ['x'.repeat(300_000)] }), 413],
  ])('%s', async (_, body, status) => {
    const startedAt = performance.now()
    expect((await post(body)).status).toBe(status)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(await stored()).toEqual([])
  })

  test('a surrogate or a NUL in an id of ours keeps the rest of its batch from nothing', async () => {
    const odd = [{ id: 'a\ud800' }, { id: 'a\u0000' }, { id: 'x'.repeat(5_000) }, { id: 7 }, null, []]
    const value = [
      ...odd.map((resourceData) => item({ resourceData })),
      item({ resourceData: { id: 'good', '@odata.etag': 'W/"9"' } }),
    ]
    expect((await post({ value })).status).toBe(202)
    expect((await stored()).map(({ resource_id }) => resource_id)).toContain('good')
  })

  test('compressed bodies are not unpacked', async () => {
    const body = gzipSync(Buffer.alloc(10 * 1024 * 1024))
    const answer = await fetch(`${desk.deps.notificationUrl}/api/watch/notifications/${nonce}`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body,
    })
    expect(answer.status).toBe(415)
  })

  test('1,000 random bodies: no error of ours, nothing stored', async () => {
    const body = fc.oneof(
      fc.json(),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.json().map((text) => `{"value":[${text}]}`),
      fc.array(fc.anything(), { maxLength: 4 }).map((value) => JSON.stringify({ value }) ?? ''),
    )
    const statuses = new Set<number>()
    for (const chunk of Array.from({ length: 10 }, (_, n) => fc.sample(body, { numRuns: 100, seed: n }))) {
      for (const answer of await Promise.all(chunk.map((text) => post(text)))) statuses.add(answer.status)
    }
    expect([...statuses].sort()).toEqual([202, 400])
    expect(await stored()).toEqual([])
  })

  test('an unknown address is answered without reading what is sent there, hundreds of times as once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        post({ value: [item()] }, { path: `/notifications/${String(n).padStart(43, 'x')}` }),
      ),
    )
    for (const answer of answers) expect([answer.status, await answer.text()]).toEqual([404, ''])
    expect((await post({ value: [item()] })).status).toBe(202)
  })

  test('a host that is not ours may be named: the address is what counts', async () => {
    const { port } = new URL(desk.deps.notificationUrl)
    const body = JSON.stringify({ value: [] })
    const head = [
      `POST /api/watch/notifications/${nonce} HTTP/1.1`,
      'Host: notify.contoso.example',
      `Content-Length: ${body.length}`,
    ]
    const answer = await rawRequest(
      Number(port),
      `${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`,
      5_000,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 202/)
  })
})
