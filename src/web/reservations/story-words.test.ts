import { expect, test } from 'vitest'
import type { Story } from '#sync/story.contract.ts'
import { agreedWords, copyRows, roomWords } from './story-words.ts'

const times = { startsAt: '2026-11-24T09:00:00.000Z', endsAt: '2026-11-24T10:00:00.000Z' }
const here = {
  ...times,
  subject: 'Planning',
  isPrivate: false,
  people: ['bob@contoso.example'],
  changedAt: times.startsAt,
}
const agreed = { ...times, subject: 'as_here', notes: 'as_here', isPrivate: false, people: here.people } as const
const room = {
  ...times,
  subject: 'Alice Meyer',
  isPrivate: false,
  people: [],
  answer: 'accepted',
  organizer: 'alice@contoso.example',
  showAs: 'busy',
  changedAt: '2026-11-23T08:00:07.000Z',
  goneAt: null,
  goneWhy: null,
} as const

const story = (changes: Partial<Story> = {}): Story => ({
  reservationId: '6f6e6e6e-0000-4000-8000-000000000001',
  timeZone: 'Europe/Berlin',
  here,
  agreed: { ...agreed, people: [...agreed.people] },
  room: { ...room, people: [] },
  link: null,
  decisions: [],
  events: [],
  proposals: [],
  json: null,
  ...changes,
})

test('a room that replaced the subject does not differ, one at another time does', () => {
  const same = copyRows(story(), { ...room, people: [] })
  expect(same.map(({ label, same }) => [label, same])).toEqual([
    ['Subject', true],
    ['Time', true],
    ['Private', true],
    ['Invited', true],
  ])
  const [, time] = copyRows(story(), { ...room, people: [], endsAt: '2026-11-24T10:30:00.000Z' })
  expect(time).toMatchObject({
    left: 'Tuesday 24 November, 10:00–11:00',
    right: 'Tuesday 24 November, 10:00–11:30',
    same: false,
  })
})

test('what was changed here since both sides agreed is named', () => {
  expect(agreedWords(story())).toBe('Nothing was changed here since both sides last agreed.')
  expect(agreedWords(story({ agreed: null }))).toMatch(/not agreed on anything yet/)
  const before = { ...agreed, people: [], subject: 'other' as const, endsAt: '2026-11-24T09:30:00.000Z' }
  expect(agreedWords(story({ agreed: before }))).toBe(
    'Changed here since both sides last agreed: the subject, the time (it was Tuesday 24 November, 10:00–10:30), and the guests.',
  )
})

test('the room’s copy says its answer, or since when it is gone', () => {
  expect(roomWords({ ...room, people: [] }, 'Europe/Berlin')).toMatch(
    /^The room has accepted\. Its organizer is alice@contoso\.example\. It says so since 23 Nov, 09:00:07\./,
  )
  const gone = { ...room, people: [], goneAt: '2026-11-23T09:00:00.000Z', goneWhy: 'cancelled' as const }
  expect(roomWords(gone, 'Europe/Berlin')).toMatch(/^That copy was cancelled since 23 Nov, 10:00:00\./)
})
