import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorisePersonal, listPersonalConnections } from '#connections/token.contract.ts'
import { createApiToken } from '#people/api-token.contract.ts'
import { type Role, roles } from '#people/contract.ts'
import { book } from '#reservations/contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { credentialNamed, followFoundingPage } from '../support/founding-page.ts'
import { Person } from '../support/person.ts'
import { startWholeService, type WholeService } from '../support/whole-service.ts'
import { accessTable, bodies, type RecordRow, recordTable, type Who } from './access-table.ts'

/** Nobody, one person for each role with that role alone, and a program with an API token of an employee. */
type Caller = 'nobody' | Role | 'token of an employee'
const callers: Caller[] = ['nobody', ...roles, 'token of an employee']

let whole: WholeService
const people = new Map<string, { id: string; name: string }>()
let token: Record<string, string>
let administrator: Person

beforeAll(async () => {
  whole = await startWholeService()
  administrator = await Person.signIn(whole.origin, 'ada.admin@contoso.example')
  await followFoundingPage(administrator)
  for (const role of roles) people.set(role, await whole.person(`Only ${role}`, [role]))
  token = await whole.token(personWith('employee'))
})
afterAll(() => whole.close())

function personWith(role: string) {
  const person = people.get(role)
  if (person === undefined) throw new Error(`nobody has only the role ${role}`)
  return person
}

/** A session of its own for every request: signing out is one of the operations. */
async function credentials(caller: Caller): Promise<Record<string, string>> {
  if (caller === 'nobody') return { 'sec-fetch-site': 'same-origin' }
  return caller === 'token of an employee' ? token : whole.session(personWith(caller).id)
}

type Outcome = 'let in' | 'sign in first' | 'not allowed'

/** Ids that do not exist and an empty body: whoever is let in is told so by something other than a lack of permission. */
async function outcome(operation: string, caller: Caller): Promise<Outcome> {
  const [method = '', path = ''] = operation.split(' ')
  const answer = await fetch(`${whole.origin}${path.replaceAll(/:\w+/g, () => randomUUID()).replace('*', '')}`, {
    method,
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...(await credentials(caller)) },
    ...(method === 'GET' ? {} : { body: JSON.stringify(bodies[operation] ?? {}) }),
  })
  // An event stream never ends by itself.
  const text = answer.headers.get('content-type')?.startsWith('text/event-stream') ? '' : await answer.text()
  await answer.body?.cancel().catch(() => undefined)
  expect(answer.status, `${operation} by ${caller}: ${text}`).toBeLessThan(500)
  if (text.includes('"http.sign_in_required"')) return 'sign in first'
  return answer.status === 403 && !text.includes('"http.cross_site"') ? 'not allowed' : 'let in'
}

function expected(who: Who, caller: Caller): Outcome {
  if (who === 'anyone') return 'let in'
  if (caller === 'nobody') return 'sign in first'
  if (who === 'signed_in') return 'let in'
  if (who === 'session') return caller === 'token of an employee' ? 'not allowed' : 'let in'
  return caller === 'admin' || who.some((role) => role === caller) ? 'let in' : 'not allowed'
}

test('every route of the service is in the table, and nothing else is', () => {
  const missing = whole.service.routes.filter((route) => !(route in accessTable))
  const gone = Object.keys(accessTable).filter((route) => !whole.service.routes.includes(route))
  expect({ missing, gone }).toEqual({ missing: [], gone: [] })
})

test.each(Object.entries(accessTable))('%s', async (operation, who) => {
  const found: Record<string, Outcome> = {}
  for (const caller of callers) found[caller] = await outcome(operation, caller)
  expect(found).toEqual(Object.fromEntries(callers.map((caller) => [caller, expected(who, caller)])))
})

/** Bob's own, made anew for each row: he reserves, signs in, gives permission and makes tokens like anybody. */
async function bobs(record: RecordRow['record'], bob: Person): Promise<string> {
  if (record === 'reservation') return (await bob.call(book, { body: await nextMeeting(bob) })).id
  if (record === 'api token') return (await bob.call(createApiToken, { body: { name: 'report' } })).id
  const { id } = await credentialNamed(administrator, 'Ms Graph Personal')
  if (record === 'authorization')
    return (await bob.call(authorisePersonal, { params: { id }, body: {} })).authorizationId ?? ''
  await bob.authorise()
  return id
}

let meetings = 0
async function nextMeeting(person: Person) {
  const { rooms } = await person.call(listRooms)
  const startsAt = new Date(Date.now() + (24 + 2 * meetings++) * 3_600_000)
  const endsAt = new Date(startsAt.getTime() + 3_600_000)
  const times = { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
  return { roomId: rooms[0]?.id ?? '', subject: 'Access test', ...times }
}

test.each(recordTable)('$operation with a $record of one’s own and of somebody else', async (row) => {
  const bob = await Person.signIn(whole.origin, 'bob.tanaka@contoso.example')
  const id = await bobs(row.record, bob)
  const [method = '', path = ''] = row.operation.split(' ')
  const address = path.replace(':id', id)
  const answers: Record<string, number> = {}
  for (const caller of callers) {
    const answer = await fetch(`${whole.origin}${address}`, {
      method,
      headers: { 'content-type': 'application/json', ...(await credentials(caller)) },
      ...(method === 'GET' ? {} : { body: JSON.stringify(row.body ?? {}) }),
    })
    answers[caller] = answer.status
  }
  const others = Object.fromEntries([...roles, 'token of an employee'].map((caller) => [caller, row.foreign]))
  expect(answers).toEqual({ nobody: 401, ...others, ...row.others })
  if (row.record === 'personal token') expect(await tokenStateOf(bob)).toBe('ready')
  const own = await bob.send(method, address, row.body)
  expect([own.status, await own.text()]).toEqual([row.own, expect.anything()])
})

async function tokenStateOf(person: Person): Promise<string | undefined> {
  return (await person.call(listPersonalConnections)).connections[0]?.token.state
}
