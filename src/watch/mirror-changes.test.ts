import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesOf, type Known, type MirrorChanges } from './mirror-changes.ts'
import type { MirrorItem } from './mirror-item.ts'

const now = new Date('2030-01-07T08:00:00Z')

function item(eventId: string, digest: string, { etag = digest, isCancelled = false } = {}): MirrorItem {
  return {
    eventId,
    digest,
    etag,
    iCalUId: 'u',
    startsAt: now,
    endsAt: now,
    view: { isCancelled } as MirrorItem['view'],
  }
}
const known = (...all: Partial<Known>[]) =>
  new Map(
    all.map((one) => [one.eventId ?? '', { etag: 'a', digest: 'a', goneAt: null, changedAt: now, ...one } as Known]),
  )
const shape = ({ changed, retouched, same }: MirrorChanges) => [
  changed.map(({ eventId, gone }) => [eventId, gone]),
  retouched.map(({ eventId }) => eventId),
  same,
]

test.each([
  ['new', known(), item('1', 'a'), [[['1', null]], [], []]],
  ['as it was', known({ eventId: '1' }), item('1', 'a'), [[], [], ['1']]],
  ['another version of the same', known({ eventId: '1' }), item('1', 'a', { etag: 'b' }), [[], ['1'], []]],
  ['changed', known({ eventId: '1' }), item('1', 'b'), [[['1', null]], [], []]],
  ['cancelled', known({ eventId: '1' }), item('1', 'b', { isCancelled: true }), [[['1', 'cancelled']], [], []]],
  ['back', known({ eventId: '1', goneAt: now }), item('1', 'a'), [[['1', null]], [], []]],
  ['still cancelled', known({ eventId: '1', goneAt: now }), item('1', 'a', { isCancelled: true }), [[], [], ['1']]],
])('%s', (_, before, read, expected) => {
  expect(shape(changesOf(before, [read], now))).toEqual(expected)
})

test('two versions of one item never have the same moment', () => {
  const [changed] = changesOf(known({ eventId: '1', changedAt: now }), [item('1', 'b')], now).changed
  expect(changed?.changedAt.getTime()).toBe(now.getTime() + 1)
})

test('however often versions come and in whatever pages, what is there last is what is kept', () => {
  const version = fc.record({ id: fc.constantFrom('1', '2', '3'), digest: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(fc.array(version, { maxLength: 30 }), fc.integer({ min: 1, max: 6 }), (versions, pageSize) => {
      const store = new Map<string, Known>()
      for (let at = 0; at < versions.length; at += pageSize) {
        const page = versions.slice(at, at + pageSize).map(({ id, digest }) => item(id, digest))
        for (const one of changesOf(store, page, now).changed) {
          store.set(one.eventId, {
            eventId: one.eventId,
            etag: one.etag,
            digest: one.digest,
            goneAt: null,
            changedAt: one.changedAt,
          })
        }
      }
      const last = new Map(versions.map(({ id, digest }) => [id, digest]))
      expect(new Map([...store].map(([id, { digest }]) => [id, digest]))).toEqual(last)
    }),
  )
})
