import { html } from 'hono/html'
import { type Html, page } from './page.ts'
import type { EntraProblem } from './problem.ts'

/** What Microsoft shows itself, because the app's address cannot be trusted. */
export function errorPage(problem: EntraProblem, requestId: string): Html {
  return page(
    'Sign in to your account',
    html`<h1>Sorry, but we&rsquo;re having trouble signing you in.</h1>
<p class="error" role="alert">AADSTS${problem.number}: ${problem.say}</p>
<p class="quiet">Request Id: <code>${requestId}</code></p>`,
  )
}

export function signedOutPage(): Html {
  return page(
    'Signed out',
    html`<h1>You signed out of your account</h1><p>It is a good idea to close all browser windows.</p>
<div class="buttons"><a class="button" href="/">Local tenant</a></div>`,
  )
}

/** `response_mode=form_post`: the answer as a form that posts itself; with scripts off there is its button. */
export function formPostPage(action: string, fields: Record<string, string>): Html {
  return page(
    'Working',
    html`<h1>Going back to the app</h1>
<form method="post" action="${action}">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div class="buttons"><button class="primary" type="submit">Continue</button></div>
</form>
<script>document.forms[0].submit()</script>`,
  )
}
