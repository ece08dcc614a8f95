import { html } from 'hono/html'
import type { Tenant } from '../tenant.ts'

export const indexPage = (tenant: Tenant) => html`<h1>${tenant.directory.displayName}</h1>`
