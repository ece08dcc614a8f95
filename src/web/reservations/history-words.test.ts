import { expect, test } from 'vitest'
import { historyMeaning, historyWay } from './history-words.ts'

test.each([
  ['requested', 'neutral', null],
  ['changed', 'neutral', null],
  ['proposed', 'neutral', null],
  ['continued', 'good', null],
  ['approved', 'good', null],
  ['rejected', 'refused', null],
  ['expired', 'refused', null],
  ['conflict_over', 'good', null],
  ['permission_needed', 'attention', null],
  ['not_continued', 'attention', null],
  ['event_created', 'good', 'To Outlook'],
  ['event_changed', 'good', 'To Outlook'],
  ['event_cancelled', 'good', 'To Outlook'],
  ['room_released', 'good', 'To Outlook'],
  ['retry', 'attention', 'To Outlook'],
  ['not_sent', 'attention', 'To Outlook'],
  ['failed', 'refused', 'To Outlook'],
  ['made_in_outlook', 'neutral', 'From Outlook'],
  ['moved_in_outlook', 'neutral', 'From Outlook'],
  ['renamed_in_outlook', 'neutral', 'From Outlook'],
  ['outlook_wins', 'attention', 'From Outlook'],
  ['refused_so_as_before', 'attention', 'From Outlook'],
  ['deleted_in_outlook', 'attention', 'From Outlook'],
  ['room_removed', 'attention', 'From Outlook'],
  ['room_accepted', 'good', 'From Outlook'],
  ['room_declined', 'refused', 'From Outlook'],
  ['room_tentative', 'attention', 'From Outlook'],
  ['room_asked_again', 'attention', 'From Outlook'],
  ['new_kind', 'neutral', null],
] as const)('a line %s is %s, %s', (kind, meaning, way) => {
  expect([historyMeaning(kind), historyWay(kind)]).toEqual([meaning, way])
})
