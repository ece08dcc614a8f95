import { html } from 'hono/html'
import type { Html } from '../entra/page.ts'
import type { Tenant } from '../tenant.ts'
import { outlookPage } from './outlook-page.ts'

/** The front page of the tenant: what this is, where Outlook is, who is here. */
export function indexPage(tenant: Tenant): Html {
  const people = tenant.users.filter((user) => user.kind !== 'room')
  return outlookPage(
    'Local tenant',
    null,
    html`<div class="frame single"><div>
<section class="card">
<h1>${tenant.directory.displayName}: a Microsoft 365 tenant on this computer</h1>
<p>It stands in for Microsoft Entra ID, Microsoft Graph and Exchange Online, so that everything can be rehearsed without touching a real tenant.</p>
<div class="buttons"><a class="button primary" href="/outlook">Open Outlook</a> <a class="button" href="/_tenant">State (JSON)</a></div>
</section>
<section class="card">
<h2>Accounts</h2>
${tenant.demoPassword === null ? null : html`<p>Everybody&rsquo;s password is <code>${tenant.demoPassword}</code>.</p>`}
<dl>${people.map((user) => html`<dt>${user.displayName}</dt><dd>${user.userPrincipalName}${user.isTenantAdmin ? ' (administrator)' : ''}</dd>`)}</dl>
</section>
<section class="card">
<h2>Where things are</h2>
<dl>
<dt>Tenant id</dt><dd><code>${tenant.directory.tenantId}</code></dd>
<dt>Sign-in</dt><dd><a href="/${tenant.directory.tenantId}/v2.0/.well-known/openid-configuration">OpenID configuration</a></dd>
<dt>Graph</dt><dd><code>/v1.0</code></dd>
<dt>Rooms</dt><dd>${tenant.rooms.size}</dd>
</dl>
</section>
</div></div>`,
  )
}
