import { type GraphProblem, isTransient } from './graph-problem.ts'

/** Why a mailbox's calendar could not be used, as far as Exchange lets us know. */
export type AccessProblem =
  | 'token_refused'
  | 'mailbox_not_found'
  /** An application access policy, or an RBAC scope, keeps the application from this mailbox. */
  | 'policy_denies'
  /** The token lacks the permission for this kind of call. */
  | 'scope_missing'
  /** The account has no right on this calendar, or not yet. */
  | 'calendar_not_shared'
  | 'no_answer'
  | 'unexpected'

/**
 * Reads a refusal as a reason ("Microsoft Graph error responses"; limiting application permissions to mailboxes; developers' reports for
 * folders that are not shared, which are refused with 403 `DelegatedCalendarAccessDenied` or are simply not found).
 */
export function accessProblemOf(problem: GraphProblem): AccessProblem {
  const { status, code, message } = problem
  if (status === 401) return 'token_refused'
  if (isTransient(problem)) return 'no_answer'
  if (noMailbox.has(code)) return 'mailbox_not_found'
  if (status === 403 && code === 'ErrorAccessDenied')
    return /OData is disabled/i.test(message) ? 'policy_denies' : 'scope_missing'
  if (status === 403 || (status === 404 && code === 'ErrorItemNotFound')) return 'calendar_not_shared'
  return 'unexpected'
}

const noMailbox: ReadonlySet<string> = new Set([
  'ErrorInvalidUser',
  'ErrorNonExistentMailbox',
  'MailboxNotEnabledForRESTAPI',
  'Request_ResourceNotFound',
  'ResourceNotFound',
])
