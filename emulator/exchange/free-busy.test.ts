import { expect, test } from 'vitest'
import { Chance } from '../chance.ts'
import type { EventItem } from '../model.ts'
import { availabilityView, busyItems } from './free-busy.ts'
import { organizerCopy } from './meeting.ts'

test('a slot shows the strongest of what is in it', () => {
  const items = [item(9, 10, 'tentative'), item(9, 10, 'busy'), item(10, 11, 'workingElsewhere'), item(11, 12, 'oof')]
  expect(availabilityView(items, at(8), at(13), 60)).toBe('02430')
  expect(availabilityView(items, at(9), '2030-01-02T09:45:00.000Z', 30)).toBe('22')
})

test('what is free, cancelled or outside takes no time', () => {
  const items = [
    item(9, 10, 'free'),
    { ...item(9, 10, 'busy'), isCancelled: true },
    item(12, 13, 'busy'),
    item(8, 9, 'busy'),
  ]
  expect(busyItems(items, at(9), at(12))).toEqual([])
})

function item(from: number, to: number, showAs: EventItem['showAs']): EventItem {
  const owner = { mailboxId: 'room', address: { name: 'Mercury', address: 'mercury@contoso.example' } }
  return organizerCopy(owner, { startsAt: at(from), endsAt: at(to), showAs }, { at: at(0), chance: new Chance() })
}

function at(hour: number): string {
  return `2030-01-02T${String(hour).padStart(2, '0')}:00:00.000Z`
}
