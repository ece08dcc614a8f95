import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EventItem, User } from '../model.ts'
import { openTenant, type Tenant } from '../tenant.ts'
import { runMailboxes } from './inbox.ts'
import { createEvent, deleteEvent, itemsIn, updateEvent } from './mailbox.ts'

let folder: string
let tenant: Tenant
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-'))
  tenant = opened()
})
afterEach(() => {
  tenant.close()
  rmSync(folder, { recursive: true })
})

test('an invitation that was on its way when the tenant was stopped arrives after it is started', () => {
  meet()
  tenant.close()
  tenant = opened()
  expect(itemsIn(tenant, user('mercury').id)).toEqual([])
  tenant.clock.advance(5_000)
  expect(itemsIn(tenant, user('mercury').id)).toHaveLength(1)
  expect(itemsIn(tenant, user('alice.meyer').id)[0]?.attendees[0]?.status.response).toBe('accepted')
})

test('an answer to a time that has since changed does not count', () => {
  const item = meet()
  tenant.clock.advance(1_100)
  const [held] = itemsIn(tenant, user('mercury').id)
  expect(held?.responseStatus.response).toBe('accepted')
  updateEvent(tenant, item, { startsAt: tomorrow(15), endsAt: tomorrow(16) })
  tenant.clock.advance(250)
  expect(itemsIn(tenant, user('alice.meyer').id)[0]?.attendees[0]?.status.response).toBe('none')
  tenant.clock.advance(5_000)
  expect(itemsIn(tenant, user('alice.meyer').id)[0]?.attendees[0]?.status.response).toBe('accepted')
})

test('a meeting deleted before its invitation arrives is in no calendar', () => {
  deleteEvent(tenant, meet())
  tenant.clock.advance(5_000)
  expect(itemsIn(tenant, user('mercury').id)).toEqual([])
})

test('a room with no processing leaves its mail unread; one that only updates stays tentative', () => {
  setPolicy('mercury', 'None')
  setPolicy('venus', 'AutoUpdate')
  meet('mercury', 'venus')
  tenant.clock.advance(5_000)
  expect(itemsIn(tenant, user('mercury').id)).toEqual([])
  expect(itemsIn(tenant, user('venus').id)).toMatchObject([{ showAs: 'tentative', subject: 'Standup' }])
  const answers = itemsIn(tenant, user('alice.meyer').id)[0]?.attendees.map((one) => one.status.response)
  expect(answers).toEqual(['none', 'none'])
})

function opened(): Tenant {
  const one = openTenant({ file: join(folder, 'tenant.db') })
  runMailboxes(one)
  return one
}

function meet(...rooms: string[]): EventItem {
  const attendees = (rooms.length === 0 ? ['mercury'] : rooms).map((name) => {
    return { type: 'resource' as const, emailAddress: { name, address: user(name).mail } }
  })
  const draft = { subject: 'Standup', startsAt: tomorrow(10), endsAt: tomorrow(11), attendees }
  return createEvent(tenant, user('alice.meyer'), draft).item
}

function user(name: string): User {
  const found = tenant.findUser(`${name}@contoso.example`)
  if (found === undefined) throw new Error(`The demo data has no ${name}.`)
  return found
}

function setPolicy(name: string, automateProcessing: 'None' | 'AutoUpdate'): void {
  const policy = tenant.roomPolicies.get(user(name).id)
  if (policy) tenant.roomPolicies.put({ ...policy, automateProcessing })
}

function tomorrow(hour: number): string {
  return `${new Date(tenant.now().getTime() + 86_400_000).toISOString().slice(0, 10)}T${hour}:00:00.000Z`
}
