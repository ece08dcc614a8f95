import { signInAtTenant } from './sign-in-at-tenant.ts'
import { startTenant } from './tenant.ts'

export const password = 'Rehearsal-2026'
export const alice = 'alice.meyer@contoso.example'

/** The app that people give permission to, and the one that acts by itself, as demo/contoso.json registers them. */
export const personal = {
  client_id: '44d8e95c-ba5b-50be-9b21-ee8c84cff148',
  client_secret: 'local-personal-auth-secret-for-rehearsal-only',
  redirect_uri: 'http://localhost:4400/oauth/callback/exchange-online-personal-auth',
}
export const application = {
  client_id: 'a9ad7f7d-4618-5e0b-8855-9589ea44b233',
  client_secret: 'local-client-credentials-secret-for-rehearsal-only',
}
export const scope = 'openid profile offline_access Calendars.ReadWrite'

export type Tokens = Record<'access_token' | 'refresh_token' | 'id_token' | 'scope', string> & { expires_in: number }

type How = Partial<Parameters<typeof signInAtTenant>[0]>

/** A tenant, and the steps of its OAuth endpoints as a client takes them, without any client library. */
export async function openEntra() {
  const served = await startTenant()
  const authority = `${served.origin}/${served.tenant.directory.tenantId}`

  const signIn = async (query: Record<string, string>, how: How = {}): Promise<URL> => {
    const { client_id, redirect_uri } = personal
    const asked = { client_id, redirect_uri, response_type: 'code', scope, state: 'the state', ...query }
    const authorizeUrl = `${authority}/oauth2/v2.0/authorize?${new URLSearchParams(asked)}`
    return new URL(await signInAtTenant({ authorizeUrl, upn: alice, password, ...how }))
  }
  const pagesOf = async (query: Record<string, string>, how: How = {}): Promise<string[]> => {
    const pages: string[] = []
    await signIn(query, { ...how, onPage: (title) => pages.push(title) })
    return pages
  }
  const post = (
    form: Record<string, string>,
    segment = served.tenant.directory.tenantId,
    headers: Record<string, string> = {},
  ) =>
    fetch(`${served.origin}/${segment}/oauth2/v2.0/token`, { method: 'POST', headers, body: new URLSearchParams(form) })
  const redeem = async (back: URL, more: Record<string, string> = {}): Promise<Tokens> =>
    json(
      await post({ ...personal, grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', ...more }),
    )
  const refresh = async (refresh_token: string, more: Record<string, string> = {}): Promise<Tokens> =>
    json(await post({ ...personal, grant_type: 'refresh_token', refresh_token, ...more }))

  return { served, authority, signIn, pagesOf, post, redeem, refresh }
}

export async function json(answer: Response) {
  return (await answer.json()) as Tokens & Record<string, string>
}
