import type { Authorization } from '#connections/token.contract.ts'

/**
 * The steps of a sign-in in a pop-up, seen from the page behind it. A pure state machine: the hook beside it opens windows
 * and asks the server, this decides what that means. Nothing that was typed on the page depends on it.
 */
export type PopupStep =
  | { is: 'idle' }
  /** The window is open and shows our own waiting page; the server prepares the address at Microsoft. */
  | { is: 'starting' }
  | { is: 'signing_in'; authorizationId: string }
  /** The window is gone, or a browser rule hides it from us. The sign-in may still end well, so we go on listening. */
  | { is: 'closed'; authorizationId: string | null }
  | { is: 'blocked' }
  | { is: 'stored'; authorizationId: string }
  | { is: 'refused'; refusal: PopupRefusal }
  /** Our own server said no before Microsoft was asked. */
  | { is: 'failed'; say: string }

export type RefusalKind = 'wrong_account' | 'denied' | 'expired' | 'other'
export type PopupRefusal = { kind: RefusalKind; say: string; expectedName: string | null; actualName: string | null }

export type PopupEvent =
  | { event: 'asked'; opened: boolean }
  | { event: 'started'; authorizationId: string | null }
  | { event: 'start_failed'; say: string }
  | { event: 'window_closed' }
  | { event: 'answered'; authorization: Authorization }
  | { event: 'dismissed' }

export function nextStep(step: PopupStep, event: PopupEvent): PopupStep {
  switch (event.event) {
    case 'asked':
      return event.opened ? { is: 'starting' } : { is: 'blocked' }
    case 'started':
      return started(step, event.authorizationId)
    case 'start_failed':
      return { is: 'failed', say: event.say }
    case 'window_closed':
      return closed(step)
    case 'answered':
      return answered(step, event.authorization)
    case 'dismissed':
      return { is: 'idle' }
  }
}

/** Whether the page should still listen for the outcome of this sign-in. */
export function awaitedAuthorization(step: PopupStep): string | null {
  return step.is === 'signing_in' || step.is === 'closed' ? step.authorizationId : null
}

/** The codes are stable (docs/errors.md); an unknown one is shown with its own sentence. */
export function refusalKind(code: string | null): RefusalKind {
  switch (code) {
    case 'connections.wrong_account':
      return 'wrong_account'
    case 'connections.sign_in_denied':
      return 'denied'
    case 'connections.authorization_expired':
      return 'expired'
    default:
      return 'other'
  }
}

function started(step: PopupStep, authorizationId: string | null): PopupStep {
  if (step.is === 'closed') return { is: 'closed', authorizationId }
  if (step.is !== 'starting') return step
  return authorizationId === null ? { is: 'idle' } : { is: 'signing_in', authorizationId }
}

function closed(step: PopupStep): PopupStep {
  if (step.is === 'starting') return { is: 'closed', authorizationId: null }
  return step.is === 'signing_in' ? { is: 'closed', authorizationId: step.authorizationId } : step
}

function answered(step: PopupStep, authorization: Authorization): PopupStep {
  if (awaitedAuthorization(step) !== authorization.id) return step
  if (authorization.outcome === 'pending') return step
  if (authorization.outcome === 'stored') return { is: 'stored', authorizationId: authorization.id }
  const { code, say, expectedName, actualName } = authorization
  const refusal = {
    kind: refusalKind(code),
    say: say ?? 'Microsoft did not give permission.',
    expectedName,
    actualName,
  }
  return { is: 'refused', refusal }
}
