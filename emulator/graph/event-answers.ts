import { z } from 'zod'
import { type Answer, respondToEvent } from '../exchange/mailbox.ts'
import { reachToWrite } from './access.ts'
import { namedItem } from './events.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { invalidRequest } from './graph-problem.ts'
import { parseBody } from './request-body.ts'
import { mailboxRoutes, type Route } from './router.ts'

const answers: [string, Answer][] = [
  ['accept', 'accepted'],
  ['tentativelyAccept', 'tentativelyAccepted'],
  ['decline', 'declined'],
]

const answerShape = z.object({
  comment: z.string().nullish(),
  sendresponse: z.boolean().nullish(),
  proposednewtime: z.unknown().optional(),
})

/** Answers to an invitation (Graph event-accept, -tentativelyaccept, -decline), by whoever may write in the mailbox: its owner or a delegate. */
export const eventAnswerRoutes: Route[] = ['/events', '/calendar/events', '/calendars/:calendar/events'].flatMap(
  (path) =>
    answers.flatMap(([verb, answer]) =>
      mailboxRoutes('POST', `${path}/:event/${verb}`, (call) => answerInvitation(call, answer)),
    ),
)

function answerInvitation(call: MailboxCall, answer: Answer): GraphAnswer {
  reachToWrite(call.tenant, call.token, call.mailbox)
  const item = namedItem(call)
  const { sendresponse, proposednewtime } = parseBody(call, answerShape)
  const sendsResponse = sendresponse ?? true
  if (item.isOrganizer) throw invalidRequest("You can't respond to this meeting because you're the meeting organizer.")
  const proposes = proposednewtime !== undefined && proposednewtime !== null
  if (proposes && answer === 'accepted') throw invalidRequest('A new time cannot be proposed while accepting.')
  if (proposes && !(sendsResponse && item.allowNewTimeProposals)) {
    throw invalidRequest('A new time cannot be proposed: the organizer does not allow it, or no response is sent.')
  }
  respondToEvent(call.tenant, item, answer, sendsResponse)
  return { status: 202 }
}
