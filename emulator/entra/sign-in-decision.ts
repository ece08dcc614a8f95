import type { User } from '../model.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import type { KnownAccount } from './browser-session.ts'
import { type EntraProblem, refusal } from './problem.ts'

/** What to do first with an authorize request in this browser. */
export type SignInDecision =
  | { do: 'askUsername'; prefill: string }
  | { do: 'askPassword'; username: string }
  | { do: 'pick' }
  | { do: 'continue'; user: User }
  | { do: 'refuse'; problem: EntraProblem }

/**
 * How Microsoft treats a browser that may already be signed in: a session is silently reused unless `prompt` or a `login_hint` for
 * another account says otherwise; several signed-in accounts lead to the picker.
 */
export function decideSignIn(
  request: Pick<AuthorizeRequest, 'prompt' | 'loginHint'>,
  accounts: KnownAccount[],
): SignInDecision {
  const { prompt, loginHint } = request
  if (prompt === 'none') return decideSilently(loginHint, accounts)
  if (prompt === 'select_account') return accounts.length > 0 ? { do: 'pick' } : { do: 'askUsername', prefill: '' }
  if (prompt === 'login')
    return loginHint === null ? { do: 'askUsername', prefill: '' } : { do: 'askPassword', username: loginHint }
  if (loginHint !== null) {
    const hinted = accounts.find((one) => isCalled(one.user, loginHint))
    return hinted?.signedIn ? { do: 'continue', user: hinted.user } : { do: 'askPassword', username: loginHint }
  }
  const [only, ...others] = accounts
  if (only === undefined) return { do: 'askUsername', prefill: '' }
  return others.length === 0 && only.signedIn ? { do: 'continue', user: only.user } : { do: 'pick' }
}

function decideSilently(loginHint: string | null, accounts: KnownAccount[]): SignInDecision {
  const usable = accounts.filter((one) => one.signedIn && (loginHint === null || isCalled(one.user, loginHint)))
  const [only, ...others] = usable
  if (only === undefined) return { do: 'refuse', problem: refusal(50058) }
  return others.length === 0 ? { do: 'continue', user: only.user } : { do: 'refuse', problem: refusal(16000) }
}

function isCalled(user: User, name: string): boolean {
  const folded = name.toLowerCase()
  return [user.userPrincipalName, user.mail, user.id].some((own) => own.toLowerCase() === folded)
}
