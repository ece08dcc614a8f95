import { type ErrorList, refusals } from '#kit/refusal.ts'

export const watchErrors = {
  'watch.room_not_watched': {
    status: 404,
    say: 'This room is not watched. Make a reservable sync configuration for it and activate it.',
  },
  'watch.not_held': {
    status: 409,
    say: 'This room is not held any more. Reload the page: somebody else may have decided.',
  },
  'watch.not_watching': {
    status: 409,
    say: 'This room is not being read at the moment. Its state says what it waits for.',
  },
  'watch.subscription_not_found': {
    status: 404,
    say: 'There is no such subscription. It may have been replaced; look at the list.',
  },
  'watch.subscription_over': {
    status: 409,
    say: 'This subscription is being taken away or is gone. A new one is made by itself where one is needed.',
  },
  'watch.item_not_found': {
    status: 404,
    say: 'There is no such calendar item. Its room may have been given another mailbox; look at the list.',
  },
} as const satisfies ErrorList

export const refused = refusals(watchErrors)
