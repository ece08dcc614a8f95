import { html } from 'hono/html'
import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { KnownAccount } from './browser-session.ts'
import { type Html, page } from './page.ts'

/** What every form of a sign-in carries: the request that waits for its end, and who asks. */
export type SignInContext = { tenant: Tenant; destination: string; appName: string | null }

/** Step one: who are you? Button "Next". */
export function usernamePage(context: SignInContext, prefill: string, error: string | null): Html {
  return page(
    'Sign in to your account',
    html`${brand(context)}
<h1>Sign in</h1>
${toApp(context)}
${errorBox(error)}
<form method="post" action="${loginPath}">
${hidden(context, 'username')}
<label for="username">Email address</label>
<input id="username" name="username" type="email" autocomplete="username" autofocus required value="${prefill}" ${invalid(error)}>
<div class="buttons"><button class="primary" type="submit">Next</button></div>
</form>
${demoAccounts(context)}`,
  )
}

/** Step two: the password. Buttons "Back" and "Sign in". */
export function passwordPage(context: SignInContext, username: string, error: string | null): Html {
  return page(
    'Enter password',
    html`${brand(context)}
<p class="identity">${username}</p>
<h1>Enter password</h1>
${errorBox(error)}
<form method="post" action="${loginPath}">
${hidden(context, 'password')}
<input type="hidden" name="username" value="${username}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" autofocus required ${invalid(error)}>
<div class="buttons">
<button type="submit" name="back" value="1" formnovalidate>Back</button>
<button class="primary" type="submit">Sign in</button>
</div>
</form>
${demoPassword(context)}`,
  )
}

/** "Pick an account": those this browser knows, and "Use another account". */
export function pickerPage(context: SignInContext, accounts: KnownAccount[]): Html {
  return page(
    'Pick an account',
    html`${brand(context)}
<h1>Pick an account</h1>
${toApp(context)}
<form method="post" action="${loginPath}">
${hidden(context, 'pick')}
<ul class="rows">
${accounts.map(accountRow)}
<li><button type="submit" name="account" value="other"><strong>Use another account</strong></button></li>
</ul>
</form>`,
  )
}

export const loginPath = '/common/login'

/** The hidden fields by which the next step knows where the sign-in was going. */
export function hidden(context: SignInContext, step: string): Html {
  return html`<input type="hidden" name="step" value="${step}"><input type="hidden" name="destination" value="${context.destination}">`
}

export function brand({ tenant }: SignInContext): Html {
  return html`<p class="brand">${tenant.directory.displayName}</p>`
}

function accountRow({ user, signedIn }: KnownAccount): Html {
  return html`<li><button type="submit" name="account" value="${user.id}"><strong>${user.displayName}</strong>
<span>${user.userPrincipalName}</span><span>${signedIn ? 'Signed in' : 'Signed out'}</span></button></li>`
}

function toApp({ appName }: SignInContext): Html | null {
  return appName === null ? null : html`<p class="quiet">to continue to ${appName}</p>`
}

function errorBox(error: string | null): Html | null {
  return error === null ? null : html`<p class="error" role="alert" id="error">${error}</p>`
}

function invalid(error: string | null): Html {
  return error === null ? html`` : html`aria-invalid="true" aria-describedby="error"`
}

function demoPassword({ tenant }: SignInContext): Html | null {
  const password = tenant.demoPassword
  return password === null
    ? null
    : html`<p class="hint">Rehearsal: everyone&rsquo;s password is <code>${password}</code>.</p>`
}

function demoAccounts(context: SignInContext): Html {
  const people = context.tenant.users.filter((user) => user.kind !== 'room' && user.enabled).slice(0, 12)
  return html`<details class="hint"><summary>Rehearsal accounts</summary>
<form method="post" action="${loginPath}">${hidden(context, 'username')}
<ul class="rows">${people.map(demoAccountRow)}</ul></form></details>`
}

function demoAccountRow(user: User): Html {
  return html`<li><button type="submit" name="username" value="${user.userPrincipalName}"><strong>${user.displayName}</strong>
<span>${user.userPrincipalName}</span></button></li>`
}
