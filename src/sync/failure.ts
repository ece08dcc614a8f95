import { type GraphProblem, isTransient } from '#graph/graph-problem.ts'
import { noMailbox } from './organizer.ts'

/** What a failed call means for the change that wanted it. */
export type Failure =
  | { is: 'later'; waitMs: number; code: string; say: string; requestId: string | null }
  | { is: 'permission_lost'; say: string; requestId: string | null }
  | { is: 'refused'; code: string; say: string; requestId: string | null }

const firstWaitMs = 1_000
const waitMsMax = 5 * 60 * 1000

/** How many attempts failed before this one, and a number between 0 and 1 that keeps those that failed together from coming back together. */
export type Failed = { attempts: number; jitter: number }

/** Sorts a problem. A Retry-After is never undercut. */
export function failureOf(problem: GraphProblem, failed: Failed): Failure {
  const { code, requestId, status, retryAfterMs } = problem
  if (status === 401) {
    const say = code.startsWith('connections.') ? problem.message : permissionLost
    return { is: 'permission_lost', say, requestId }
  }
  if (isTransient(problem)) {
    const waitMs = Math.max(retryAfterMs ?? 0, growingWaitMs(failed))
    return { is: 'later', waitMs, code, say: sayLater(problem), requestId }
  }
  return { is: 'refused', code, say: sayRefused(problem), requestId }
}

/** 1 s, 2 s, 4 s ... 5 minutes, and up to a fifth more. */
export function growingWaitMs({ attempts, jitter }: Failed): number {
  const growing = Math.min(firstWaitMs * 2 ** Math.min(attempts, 20), waitMsMax)
  return growing + Math.round(growing * 0.2 * jitter)
}

const permissionLost =
  'Microsoft no longer accepts your permission. Sign in again and the reservation goes on by itself.'

function sayLater({ status }: GraphProblem): string {
  if (status === 429) return 'Microsoft asked us to slow down. It is tried again by itself.'
  if (status === 0) return 'Microsoft did not answer. It is tried again by itself, and never done twice.'
  return 'Microsoft has trouble at the moment. It is tried again by itself.'
}

/** What was found in the organizer's calendar is somebody else's meeting. */
export const onlyCopyCode = 'sync.only_a_copy'

function sayRefused({ code, status }: GraphProblem): string {
  if (noMailbox.has(code)) {
    return 'Your account has no mailbox at Exchange Online. Ask your administrator for one, then submit it again.'
  }
  if (code === onlyCopyCode) {
    return 'The calendar has only a copy of this meeting, which somebody else organises. It has to be changed there, in Outlook.'
  }
  if (status === 403) {
    return 'Microsoft does not allow Anteroom to write in your calendar. Ask your administrator, then submit it again.'
  }
  return `Microsoft refused the meeting (${code}). Change it and submit it again, or ask your administrator.`
}
