import { html } from 'hono/html'
import type { User } from '../model.ts'
import { type Html, page } from './page.ts'
import { wordsOf } from './scopes.ts'
import { brand, hidden, loginPath, type SignInContext } from './sign-in-pages.ts'

/** "Permissions requested": the scopes in words, "Accept" and "Cancel". */
export function consentPage(context: SignInContext, user: User, scopes: string[]): Html {
  return page(
    'Permissions requested',
    html`${brand(context)}
<p class="identity">${user.userPrincipalName}</p>
<h1>Permissions requested</h1>
<p><strong>${context.appName}</strong> would like to:</p>
${scopeList(scopes)}
<form method="post" action="${loginPath}">
${hidden(context, 'consent')}
<input type="hidden" name="account" value="${user.id}">
${user.isTenantAdmin ? forEverybody() : null}
<p class="quiet">Accepting means that you allow this app to use your data as said above. Only accept if you trust it.</p>
${acceptOrCancel()}
</form>`,
  )
}

/** Consent of the administrator for everybody (`/adminconsent`). */
export function adminConsentPage(context: SignInContext, user: User, permissions: string[]): Html {
  return page(
    'Permissions requested for your organization',
    html`${brand(context)}
<p class="identity">${user.userPrincipalName}</p>
<h1>Permissions requested: review for your organization</h1>
<p><strong>${context.appName}</strong> would like to:</p>
${scopeList(permissions)}
<form method="post" action="${loginPath}">
${hidden(context, 'consent')}
<input type="hidden" name="account" value="${user.id}">
<p class="quiet">If you accept, this app gets access for all people in your organization. Nobody else will be asked.</p>
${acceptOrCancel()}
</form>`,
  )
}

/** An employee asked for something only an administrator may allow (AADSTS90094). */
export function needAdminPage(context: SignInContext, user: User, scopes: string[]): Html {
  return page(
    'Need admin approval',
    html`${brand(context)}
<p class="identity">${user.userPrincipalName}</p>
<h1>Need admin approval</h1>
<p><strong>${context.appName}</strong> needs a permission that only an administrator can grant. Ask one to grant it before you use the app.</p>
${scopeList(scopes)}
<form method="post" action="${loginPath}">
${hidden(context, 'consent')}
<input type="hidden" name="account" value="${user.id}">
<input type="hidden" name="needsAdmin" value="1">
<div class="buttons"><button type="submit" name="answer" value="cancel">Return to the application without granting consent</button></div>
</form>`,
  )
}

function scopeList(scopes: string[]): Html {
  return html`<ul class="scopes">${scopes.map(
    (scope) => html`<li><details><summary>${wordsOf(scope).title}</summary>
<p>${wordsOf(scope).detail} <code>${scope}</code></p></details></li>`,
  )}</ul>`
}

function forEverybody(): Html {
  return html`<label class="choice"><input type="checkbox" name="everybody" value="1"> Consent on behalf of your organization</label>`
}

function acceptOrCancel(): Html {
  return html`<div class="buttons">
<button type="submit" name="answer" value="cancel">Cancel</button>
<button class="primary" type="submit" name="answer" value="accept">Accept</button>
</div>`
}
