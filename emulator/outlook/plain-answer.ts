import type { Context } from 'hono'
import { html } from 'hono/html'
import type { TenantEnv } from '../http.ts'
import { outlookPage, type Viewer } from './outlook-page.ts'

/** A sentence on a page of its own, with the way back. */
export function plainAnswer(c: Context<TenantEnv>, viewer: Viewer, status: 400 | 403 | 404 | 409, sentence: string) {
  const content = html`<div class="frame single"><div class="card"><h1>${sentence}</h1><p><a href="/outlook">Back to my calendar</a></p></div></div>`
  return c.html(outlookPage('Calendar', viewer, content), status)
}
