import { type GraphProblem, isTransient } from './graph-problem.ts'

/**
 * What a failed read of a calendar means. later: by itself, `Retry-After` is in the problem. not_allowed: the permission is missing, or
 * does not reach this mailbox. no_mailbox: there is none of that address at Exchange Online.
 */
export type ReadTrouble = 'later' | 'not_allowed' | 'no_mailbox' | 'refused'

export function readTroubleOf(problem: GraphProblem): ReadTrouble {
  const { status, code } = problem
  if (isTransient(problem) || code === 'foreign_link') return 'later'
  if (noMailboxCodes.has(code)) return 'no_mailbox'
  // A calendar that was not shared with the caller is sometimes denied and sometimes not found.
  return status === 401 || status === 403 || status === 404 ? 'not_allowed' : 'refused'
}

/** On-premises, inactive, unlicensed, or no such address (graph-errors; Exchange's ResponseCodes). */
const noMailboxCodes = new Set([
  'ResourceNotFound',
  'Request_ResourceNotFound',
  'ErrorInvalidUser',
  'ErrorNonExistentMailbox',
  'MailboxNotEnabledForRESTAPI',
])
