import { describe, expect, test } from 'vitest'
import { byBuilding, freeUntil, nearestFreeTimes, offeredSpan, type RoomDay, takenAround } from './room-order.ts'
import { instantAt, spanText } from './wall-time.ts'
import type { Span } from './wish.ts'

const zone = 'Europe/Berlin'
const at = (time: string) => instantAt('2026-11-24', time, zone)
const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) })
const text = (found: Span | null) => found && spanText(found.from, found.to, zone)
const now = at('08:00')
const wished = span('10:00', '10:30')

type Taken = [from: string, to: string, mine?: boolean]
function day(name: string, { capacity = 4, building = 'Berlin', busy = [] as Taken[] } = {}): RoomDay {
  return {
    room: {
      id: name,
      name,
      mailbox: `${name}@contoso.example`,
      building: { id: building, name: building, city: building, timeZone: zone },
      floor: 1,
      capacity,
      equipment: [],
      needsApproval: false,
    },
    free: busy.length === 0,
    busy: busy.map(([from, to, mine = false]) => ({ from: String(at(from)), to: String(at(to)), mine, label: null })),
  }
}

describe('the order of rooms', () => {
  const taken: Taken[] = [['10:00', '11:00']]

  test('is free ones first, then the smallest that is large enough, then by name', () => {
    const rooms = [day('Zeta', { busy: taken, capacity: 2 }), day('Hall', { capacity: 40 }), day('Venus'), day('Mars')]
    expect(byBuilding(rooms, wished)[0]?.rooms.map(({ room }) => room.name)).toEqual(['Mars', 'Venus', 'Hall', 'Zeta'])
  })

  test('keeps a room that the reader holds among the free ones', () => {
    const rooms = [day('Zeta', { busy: taken }), day('Mine', { busy: [['10:00', '11:00', true]] }), day('Venus')]
    expect(byBuilding(rooms, wished)[0]?.rooms.map(({ room }) => room.name)).toEqual(['Mine', 'Venus', 'Zeta'])
  })

  test('does not favour a room that the reader holds at another time', () => {
    const later = day('Later', { busy: [...taken, ['15:00', '16:00', true]] })
    expect(byBuilding([later, day('Venus')], wished)[0]?.rooms.map(({ room }) => room.name)).toEqual(['Venus', 'Later'])
  })

  test('puts a building with a free room before one without', () => {
    const rooms = [day('Alto', { building: 'Oslo', busy: taken }), day('Mars')]
    expect(byBuilding(rooms, wished).map(({ building }) => building.name)).toEqual(['Berlin', 'Oslo'])
  })
})

describe('what a room offers', () => {
  test('is the wished time when it is free', () => {
    expect(text(offeredSpan(day('Mars'), wished, now))).toBe('10:00–10:30')
  })

  test('is the nearest free time when it is taken', () => {
    expect(text(offeredSpan(day('Mars', { busy: [['09:00', '11:00']] }), wished, now))).toBe('11:00–11:30')
  })

  test('is never in the past', () => {
    expect(text(offeredSpan(day('Mars'), wished, at('12:00')))).toBe('12:00–12:30')
  })

  test('is nothing on a full day', () => {
    expect(offeredSpan(day('Mars', { busy: [['00:00', '23:59']] }), wished, now)).toBeNull()
  })
})

test('a room says until when it is free', () => {
  const until = freeUntil(
    day('Mars', {
      busy: [
        ['13:00', '14:00'],
        ['08:00', '09:00'],
      ],
    }),
    wished,
  )
  expect(until && String(until)).toBe(String(at('13:00')))
  expect(freeUntil(day('Mars'), wished)).toBeNull()
})

test('a taken room says how long', () => {
  const busy: Taken[] = [
    ['10:30', '11:00'],
    ['08:00', '09:00'],
    ['09:30', '10:30'],
    ['12:00', '13:00'],
  ]
  expect(text(takenAround(day('Mars', { busy }), wished))).toBe('09:30–11:00')
})

test('when nothing is free, the rooms that become free soonest are offered', () => {
  const rooms = [
    day('Late', { busy: [['10:00', '15:00']] }),
    day('Soon', { busy: [['10:00', '10:45']] }),
    day('Never', { busy: [['00:00', '23:59']] }),
  ]
  const found = nearestFreeTimes(rooms, wished, now)
  expect(found.map(({ day: { room }, span: free }) => `${room.name} ${text(free)}`)).toEqual([
    'Late 09:30–10:00',
    'Soon 09:30–10:00',
  ])
})
