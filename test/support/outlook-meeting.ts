import { mintAccessToken } from '../../emulator/access-token.ts'
import type { TestTenant } from './tenant.ts'

const personalApp = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const scopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'User.Read']

/** A call to Graph that somebody makes in Outlook, with a token of their own. */
export async function callAs(
  { tenant, origin }: TestTenant,
  who: string,
  { method, path, body }: { method: string; path: string; body?: unknown },
): Promise<Response> {
  const accountId = tenant.findUser(who)?.id ?? null
  const token = await mintAccessToken(tenant, { clientId: personalApp, accountId, scopes, roles: [] }, 3600)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return fetch(`${origin}/v1.0${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

export type OutlookMeeting = { subject?: string; by?: string; inHours?: number; hours?: number; sensitivity?: string }

/** A meeting that somebody makes in Outlook with a room; from the tenant's now, in hours. */
export async function meetInOutlook(
  tenant: TestTenant,
  mailbox: string,
  {
    subject = 'Standup',
    by = 'alice.meyer@contoso.example',
    inHours = 24,
    hours = 1,
    sensitivity,
  }: OutlookMeeting = {},
): Promise<{ id: string; iCalUId: string }> {
  const startMs = Math.ceil(tenant.tenant.now().getTime() / 60_000) * 60_000 + inHours * 3_600_000
  const at = (ms: number) => ({ dateTime: new Date(ms).toISOString().slice(0, 19), timeZone: 'UTC' })
  const answer = await callAs(tenant, by, {
    method: 'POST',
    path: '/me/events',
    body: {
      subject,
      start: at(startMs),
      end: at(startMs + hours * 3_600_000),
      attendees: [{ type: 'resource', emailAddress: { address: mailbox } }],
      ...(sensitivity ? { sensitivity } : {}),
    },
  })
  if (answer.status !== 201) throw new Error(await answer.text())
  return (await answer.json()) as { id: string; iCalUId: string }
}
