import { type ErrorList, refusals } from '#kit/refusal.ts'

export const mailErrors = {
  'mail.letter_not_found': {
    status: 404,
    say: 'There is no such letter that was not sent. It may have been sent meanwhile; reload the list.',
  },
  'mail.no_address': {
    status: 409,
    say: 'You have no mail address here. Sign in as somebody who has one, then send the test letter.',
  },
} as const satisfies ErrorList

export const refused = refusals(mailErrors)
