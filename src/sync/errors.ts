import { type ErrorList, refusals } from '#kit/refusal.ts'

export const syncErrors = {
  'sync.event_unknown': {
    status: 404,
    say: 'There is no such sync event. Look for it in the list of sync events.',
  },
  'sync.nothing_to_reprocess': {
    status: 409,
    say: 'There is nothing of this reservation that could go to Outlook. Look at the reservation.',
  },
} as const satisfies ErrorList

export const refused = refusals(syncErrors)
