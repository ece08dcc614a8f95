import { expect, test } from 'vitest'
import { approvalWords } from './approval-words.ts'

test('both approvals stand together, and those that nobody needs are not mentioned', () => {
  expect(approvalWords({ approval: 'not_required', externalApproval: 'not_required' })).toEqual([])
  const both = approvalWords({ approval: 'awaiting_approval', externalApproval: 'accepted' })
  expect(both.map(({ who, meaning, word }) => `${who} ${meaning}: ${word}`)).toEqual([
    'Here waiting: waiting for an approver',
    'In Outlook good: accepted',
  ])
})
