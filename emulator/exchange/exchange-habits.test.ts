import { beforeEach, expect, test } from 'vitest'
import { openSeededTenant, type SeededTenant } from '../../test/support/seeded-tenant.ts'

const alice = 'alice.meyer@contoso.example'
const start = { dateTime: '2030-01-08T10:00:00', timeZone: 'UTC' }
type Event = { id: string; subject: string; body: { content: string }; attendees: { emailAddress: object }[] }

let seeded: SeededTenant
beforeEach(() => {
  seeded = openSeededTenant(5)
})

test('bodies come back in Exchange’s own hand, and stay so when they are written back', async () => {
  seeded.tenant.turnSwitches({ reformatsBodies: true })
  const content = ' <P>One<BR/>two</P>  \n<!-- ours --> <p>three</p> '
  const { body: made } = await create({ body: { contentType: 'html', content } })
  const [kept] = seeded.judge.items(alice)
  expect(kept?.body.content).toBe('<div class="elementToProof"><p>One<br>two</p>\r\n <p>three</p></div>')
  await seeded.call(alice, 'PATCH', `/me/events/${made.id}`, { body: kept?.body })
  expect(seeded.judge.items(alice)[0]?.body).toEqual(kept?.body)
  await create({ body: { contentType: 'text', content: 'a < b\nc' } })
  expect(seeded.judge.items(alice)[1]?.body.content).toBe('<div class="elementToProof">a &lt; b<br>\r\nc</div>')
})

test('subjects are trimmed', async () => {
  seeded.tenant.turnSwitches({ trimsSubjects: true })
  expect((await create({ subject: '  Stand\r\n up ' })).body.subject).toBe('Stand up')
  expect((await create({ subject: 'x'.repeat(300) })).body.subject).toHaveLength(255)
})

test('attendees are named and spelled as the directory has them, and their answers still count', async () => {
  seeded.tenant.turnSwitches({ rewritesAttendees: true })
  const invited = [{ name: 'our room', address: 'mercury@contoso.example' }, { address: 'guest@elsewhere.example' }]
  const { body } = await create({ attendees: invited.map((emailAddress) => ({ type: 'resource', emailAddress })) })
  expect(body.attendees.map((one) => one.emailAddress)).toEqual([
    { name: 'Mercury', address: 'Mercury@Contoso.Example' },
    { name: 'guest@elsewhere.example', address: 'guest@elsewhere.example' },
  ])
  await seeded.tenant.advance(5_000)
  expect(seeded.judge.items(alice)[0]?.attendees[0]?.status.response).toBe('accepted')
})

test('without the switches what was written is kept', async () => {
  const { body } = await create({ subject: ' as it is ' })
  expect(body.subject).toBe(' as it is ')
})

test('a room that got another address still answers, and its place goes by it', async () => {
  const address = 'merkur@contoso.example'
  await create({ attendees: [{ type: 'resource', emailAddress: { address: 'mercury@contoso.example' } }] })
  await seeded.control('PATCH', '/users/mercury@contoso.example', { mail: address, displayName: 'Merkur' })
  await seeded.tenant.advance(5_000)
  expect(seeded.judge.items(alice)[0]?.attendees[0]?.status.response).toBe('accepted')
  const place = await seeded.call(null, 'GET', `/places/${address}`)
  expect(place.body).toMatchObject({ displayName: 'Merkur', emailAddress: address })
})

test('a room that is removed is no mailbox any more', async () => {
  await seeded.control('DELETE', '/users/mercury@contoso.example')
  const events = await seeded.call(null, 'GET', '/users/mercury@contoso.example/events')
  expect([events.status, events.body.error]).toEqual([404, expect.objectContaining({ code: 'ErrorInvalidUser' })])
})

test('a new room is a mailbox at once and a place later', async () => {
  seeded.tenant.turnSwitches({ placesDelayMs: 86_400_000 })
  const pluto = { id: 'b1', placeId: 'b2', name: 'Pluto', emailAddress: 'pluto@contoso.example', building: 'berlin' }
  await seeded.control('POST', '/seed', { rooms: [{ ...pluto, floor: 1, capacity: 2 }] })
  expect((await seeded.call(null, 'GET', '/users/pluto@contoso.example/events')).status).toBe(200)
  expect((await seeded.call(null, 'GET', '/places/pluto@contoso.example')).status).toBe(404)
  await seeded.tenant.advance(86_400_000)
  const place = await seeded.call(null, 'GET', '/places/pluto@contoso.example')
  expect(place.status).toBe(200)
})

test('a mailbox on the move answers nothing, and its items may come out with other ids', async () => {
  await create({})
  const [before] = seeded.judge.items(alice)
  await seeded.control('POST', `/mailboxes/${alice}/move`, { ms: 60_000, retryAfter: '2.5', items: 'are imported' })
  const busy = await seeded.call(alice, 'GET', '/me/events')
  expect([busy.status, busy.headers.get('retry-after'), busy.body.error]).toEqual([
    503,
    '2.5',
    expect.objectContaining({ code: 'ErrorMailboxMoveInProgress' }),
  ])
  await seeded.tenant.advance(60_000)
  expect((await seeded.call(alice, 'GET', '/me/events')).status).toBe(200)
  const [after] = seeded.judge.items(alice)
  expect([after?.iCalUId, after?.subject]).toEqual([before?.iCalUId, before?.subject])
  expect([after?.id, after?.immutableId]).not.toEqual([before?.id, before?.immutableId])
  expect((await seeded.call(alice, 'GET', `/me/events/${before?.immutableId}`)).status).toBe(404)
})

function create(changes: object) {
  return seeded.call<Event>(alice, 'POST', '/me/events', { subject: 'Standup', start, end: start, ...changes })
}
