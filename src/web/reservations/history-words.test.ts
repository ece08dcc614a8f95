import { expect, test } from 'vitest'
import { historyMeaning } from './history-words.ts'

test('every kind of line has a meaning, unknown ones none in particular', () => {
  const meanings = [
    'requested',
    'permission_needed',
    'event_created',
    'room_accepted',
    'room_declined',
    'room_tentative',
    'retry',
    'failed',
    'new_kind',
  ]
  expect(meanings.map(historyMeaning)).toEqual([
    'neutral',
    'attention',
    'good',
    'good',
    'refused',
    'attention',
    'attention',
    'refused',
    'neutral',
  ])
})
