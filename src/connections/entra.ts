import type { Account } from './account-match.ts'

/**
 * Everything about OAuth that is peculiar to Microsoft Entra and Microsoft Graph, in one place: addresses, claims, scopes,
 * lifetimes, and what their refusals mean. The general path knows none of it.
 */

export const providerName = 'Microsoft'

/** Sign-in hosts of Microsoft's clouds; client secrets and refresh tokens go nowhere else. */
export const loginHosts = ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn']

/** Graph hosts of the same clouds; access tokens go nowhere else. */
export const apiHosts = [
  'graph.microsoft.com',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'microsoftgraph.chinacloudapi.cn',
]

export const defaultApiUrl = 'https://graph.microsoft.com'

/** Stands in the shipped addresses where the administrator's own tenant belongs. */
export const tenantPlaceholder = '<tenant-id>'

/** Authorities that let other organisations sign in. We always know whose people may, so they are never right here. */
const sharedAuthorities = ['common', 'organizations', 'consumers']

export type Authority = { origin: string; tenant: string }

/** The authority in `https://HOST/TENANT/oauth2/v2.0/(authorize|token)`, or a sentence that says what is wrong with the address. */
export function readAuthority(url: string, endpoint: 'authorize' | 'token'): Authority | { wrong: string } {
  const example = `https://login.microsoftonline.com/${tenantPlaceholder}/oauth2/v2.0/${endpoint}`
  if (url === '') return { wrong: `is empty. It looks like ${example}` }
  const parsed = URL.parse(url)
  const [, tenant = '', ...rest] = (parsed?.pathname ?? '').split('/').map(decodeURIComponent)
  if (tenant === tenantPlaceholder)
    return { wrong: `still says ${tenantPlaceholder}. Put your Directory (tenant) ID there` }
  if (sharedAuthorities.includes(tenant.toLowerCase())) {
    return { wrong: `says ${tenant}, which lets other organisations sign in. Put your own Directory (tenant) ID there` }
  }
  if (parsed?.protocol !== 'https:' || !loginHosts.includes(parsed.host) || parsed.search !== '')
    return { wrong: `must look like ${example}` }
  if (!/^[A-Za-z0-9.-]+$/.test(tenant) || rest.join('/') !== `oauth2/v2.0/${endpoint}`)
    return { wrong: `must look like ${example}` }
  return { origin: parsed.origin, tenant: tenant.toLowerCase() }
}

/**
 * What is wrong with an app's two addresses, or null. They must name one authority, or an answer of one could be sent to the other. Where
 * nobody is sent to sign in, the Authorization URL may be left out.
 */
export function addressProblem(
  app: { authorizationUrl: string; tokenUrl: string },
  { signsInSomebody }: { signsInSomebody: boolean },
): { field: string; say: string } | null {
  const isLeftOut = app.authorizationUrl === '' && !signsInSomebody
  const authorize = isLeftOut ? null : readAuthority(app.authorizationUrl, 'authorize')
  if (authorize !== null && 'wrong' in authorize)
    return { field: 'authorizationUrl', say: `The Authorization URL ${authorize.wrong}.` }
  const token = readAuthority(app.tokenUrl, 'token')
  if ('wrong' in token) return { field: 'tokenUrl', say: `The Token URL ${token.wrong}.` }
  if (authorize === null) return null
  if (authorize.origin === token.origin && authorize.tenant === token.tenant) return null
  return {
    field: 'tokenUrl',
    say: 'The Token URL and the Authorization URL name different hosts or tenants. Use the same in both.',
  }
}

/** OpenID Connect discovery of the authority that a token URL belongs to (Entra: /TENANT/v2.0/.well-known/openid-configuration). */
export function discoveryUrlOf(tokenUrl: string): string {
  return `${tokenUrl.slice(0, tokenUrl.indexOf('/oauth2/v2.0/'))}/v2.0/.well-known/openid-configuration`
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Entra's issuer is `https://HOST/TENANT-ID/v2.0`, whatever name of the tenant the address used. */
export function tenantOfIssuer(issuer: string): string | null {
  const tenant = /^https:\/\/[^/]+\/([^/]+)\/v2\.0$/.exec(issuer)?.[1]
  return tenant !== undefined && guid.test(tenant) ? tenant.toLowerCase() : null
}

/** A guest's token names the home tenant as its issuer. Its signature is checked all the same; whether it is welcome is account-match's decision. */
export function issuerForTenant(issuer: string, tenantId: string): string | null {
  return guid.test(tenantId) ? issuer.replace(/\/[^/]+\/v2\.0$/, `/${tenantId}/v2.0`) : null
}

/** Who signed in, from a verified id token. `oid` and `tid` are the identity; everything else may be reused or changed. */
export function accountOfClaims(claims: Record<string, unknown>): Account | null {
  const { iss, tid, oid, name, preferred_username: username } = claims
  if (typeof iss !== 'string' || typeof tid !== 'string' || typeof oid !== 'string') return null
  if (tenantOfIssuer(iss) !== tid.toLowerCase()) return null
  const email = typeof username === 'string' ? username : ''
  return {
    tenantId: tid.toLowerCase(),
    objectId: oid.toLowerCase(),
    email,
    name: typeof name === 'string' ? name : email,
  }
}

/** Asked beside the profile's scopes, so that the account can be verified: an id token with `oid`, and the right to read `/me`. */
export const identityScopes = ['openid', 'profile', 'User.Read']

/** Scopes that have no resource. `offline_access` is never echoed; a refresh token is its only proof. */
const protocolScopes = ['openid', 'profile', 'email', 'offline_access']

/** `https://graph.microsoft.com/User.Read` and `User.Read` are one scope to Entra. */
export function shortScope(scope: string): string {
  const host = apiHosts.find((known) => scope.toLowerCase().startsWith(`https://${known}/`))
  return host === undefined ? scope : scope.slice(`https://${host}/`.length)
}

/** What was granted, in the words of what was asked. `echoed` is the answer's `scope`; without one everything asked was granted (RFC 6749, 5.1). */
export function grantedScopes(
  asked: readonly string[],
  answer: { echoed: string | undefined; hasRefreshToken: boolean; hasIdToken: boolean },
): string[] {
  const echoed = new Set((answer.echoed ?? asked.join(' ')).split(' ').filter(Boolean).map(key))
  if (answer.hasRefreshToken) echoed.add('offline_access')
  else echoed.delete('offline_access')
  if (answer.hasIdToken) for (const scope of ['openid', 'profile']) echoed.add(scope)
  const inAskedWords = asked.filter((scope) => echoed.delete(key(scope)))
  return [...inAskedWords, ...[...echoed].filter((scope) => !protocolScopes.includes(scope))]
}

const key = (scope: string) => shortScope(scope).toLowerCase()

/** A refresh token lapses 90 days after its last use; every use starts the 90 days again (entra-docs, refresh-tokens). */
export const refreshTokenIdleMs = 90 * 24 * 60 * 60 * 1000

/** How the account picker is steered. Entra refuses `login_hint` together with `select_account`. */
export function pickerParameters(hint: string | null): Record<string, string> {
  return hint === null ? { prompt: 'select_account' } : { login_hint: hint }
}

export type ProviderProblem = { error: string; suberror?: string; numbers: readonly number[] }

export type ProblemKind = 'person_needed' | 'client_refused' | 'denied' | 'passing' | 'refused'

/**
 * Whose move it is after an OAuth error. Decided by `error` and `suberror` alone: Microsoft says that numbers and texts may
 * change (entra-docs, reference-error-codes).
 */
export function kindOfProblem({ error, suberror }: Pick<ProviderProblem, 'error' | 'suberror'>): ProblemKind {
  if (['interaction_required', 'consent_required', 'login_required', 'invalid_grant'].includes(error))
    return 'person_needed'
  if (suberror !== undefined && ['consent_required', 'basic_action', 'additional_action'].includes(suberror))
    return 'person_needed'
  if (['invalid_client', 'unauthorized_client'].includes(error)) return 'client_refused'
  if (['access_denied', 'consent_declined'].includes(error)) return 'denied'
  if (['temporarily_unavailable', 'server_error', 'slow_down'].includes(error)) return 'passing'
  return 'refused'
}

/** What the refusal is about, where that can be told better than by whose move it is. It changes words and buttons, never a state. */
export function subjectOfProblem({ error, suberror, numbers }: ProviderProblem): ProblemSubject | null {
  if (numbers.includes(7000222)) return 'client_secret_expired'
  if (numbers.includes(7000112) || numbers.includes(700016)) return 'app_disabled'
  if (suberror === 'consent_required' || error === 'consent_required' || numbers.includes(65001))
    return 'consent_missing'
  if (error === 'interaction_required' || error === 'login_required') return 'interaction_needed'
  return suberror === 'basic_action' || suberror === 'additional_action' ? 'interaction_needed' : null
}

export type ProblemSubject = 'client_secret_expired' | 'app_disabled' | 'consent_missing' | 'interaction_needed'

/** Numbers are used for better words only. Texts of the answer are never shown: they hold ids, and could hold anything. */
const sentences: Record<number, string> = {
  7000222: 'The client secret has expired. Everybody is affected until a new one is entered on the OAuth app.',
  700027:
    'The certificate is not known to the app registration. Download it from the OAuth app and add it there, under Certificates & secrets.',
  50012:
    'The signature of the certificate was not accepted. Compare the certificate of the app registration with the OAuth app’s.',
  7000218: 'The app registration wants a client secret or a certificate. Enter one on the OAuth app.',
  9001023:
    'This grant type is not possible for several organisations at once. Put your own Directory (tenant) ID into the addresses.',
  7000215: 'The client secret is wrong. Copy the secret’s value, not its ID, and enter it on the OAuth app.',
  700016: 'The client ID is not known in this tenant. Compare it with the app registration.',
  7000112: 'The app registration is disabled. Enable it at Microsoft.',
  90002: 'The tenant in the address does not exist. Compare it with the Directory (tenant) ID.',
  50173: 'The permission was withdrawn at Microsoft. Sign in again.',
  700082: 'The permission lapsed, because it was not used for 90 days. Sign in again.',
  70008: 'The permission or the code has lapsed. Sign in again.',
  70043: 'Your organisation asks for a new sign-in from time to time. Sign in again.',
  65001: 'The permission was not given, or was withdrawn. Sign in again and accept.',
  50057: 'The account is disabled at Microsoft. Ask an administrator of your organisation.',
  50076: 'Microsoft wants a second factor. Sign in again.',
  50079: 'Microsoft wants a second factor to be set up. Sign in again.',
  54005: 'The code was used before. Start again.',
}

/** The same refusals where a stored password asked, and nobody sits in front of a sign-in page (entra-docs, v2-oauth-ropc). */
const passwordSentences: Record<number, string> = {
  50126: 'The user name or password is wrong. Enter it again on the credential.',
  50034: 'There is no such user in this tenant. Enter the user name again on the credential.',
  50053:
    'The account is locked after too many wrong passwords, or the address of this server is not trusted. Wait, then correct the password.',
  50055: 'The password has expired. Change it at Microsoft, then enter the new one on the credential.',
  50057: 'The account is disabled at Microsoft. Enable it, or use another one.',
  50076: 'Microsoft wants a second factor, which a stored password cannot give. Use Authorization Code.',
  50079: 'Microsoft wants a second factor to be set up, which a stored password cannot do. Use Authorization Code.',
  50144: 'The password has expired in the local directory. Change it there, then enter the new one on the credential.',
  53003: 'Conditional access does not let a stored password sign in. Use Authorization Code.',
  65001:
    'The permission was not given, and a stored password cannot give it. An administrator must consent for the organisation.',
}

export function passwordSentenceFor(numbers: readonly number[]): string | null {
  const known = numbers.find((number) => passwordSentences[number] !== undefined)
  return known === undefined ? null : (passwordSentences[known] ?? null)
}

export function sentenceFor(problem: ProviderProblem): string | null {
  const known = problem.numbers.find((number) => sentences[number] !== undefined)
  return known === undefined ? null : (sentences[known] ?? null)
}

/** What this app may do can be looked at and taken back here, by the person and by an administrator; there is no RFC 7009 endpoint. */
export const providerPlaces = {
  ownPermissions: 'https://myapplications.microsoft.com',
  enterpriseApps:
    'https://entra.microsoft.com/#view/Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview',
}

/** `/me` of Graph v1.0: the account behind a delegated token, without anything else. */
export const meUrl = (apiUrl: string) => `${apiUrl}/v1.0/me?$select=id,displayName,userPrincipalName,mail`

/** What an application token may certainly try; a refusal for want of a permission still proves that the token was accepted. */
export const applicationProbeUrl = (apiUrl: string) => `${apiUrl}/v1.0/places/microsoft.graph.room?$top=1`
