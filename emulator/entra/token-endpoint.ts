import type { Context } from 'hono'
import { graphAudience } from '../access-token.ts'
import type { TenantEnv } from '../http.ts'
import { annotate } from '../ledger.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { useAssertion } from './assertion-grant.ts'
import { authorityProblem, isSharedAuthority } from './authority.ts'
import { authenticateClient, isPublic } from './client-authentication.ts'
import { redeemCode } from './code-grant.ts'
import { loginHost } from './discovery.ts'
import type { Granted } from './granted.ts'
import { usePassword } from './password-grant.ts'
import { answerProblem, type EntraProblem, refusal } from './problem.ts'
import { useRefreshToken } from './refresh-grant.ts'
import { isDefaultScope } from './scopes.ts'
import { issueApplicationToken, issueDelegatedTokens } from './tokens.ts'

type Answer = { ok: true; body: Record<string, unknown> } | { ok: false; problem: EntraProblem }
type Asked = { app: AppRecord; form: URLSearchParams; authority: string }

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const grantTypes = ['authorization_code', 'refresh_token', 'client_credentials', 'password', jwtBearer]
const delegatedGrants = {
  authorization_code: redeemCode,
  refresh_token: useRefreshToken,
  password: usePassword,
  [jwtBearer]: useAssertion,
}

/** `POST /{tenant}/oauth2/v2.0/token`. */
export async function answerTokenRequest(c: Context<TenantEnv>, tenant: Tenant): Promise<Response> {
  c.header('cache-control', 'no-store')
  c.header('pragma', 'no-cache')
  c.header('x-ms-request-id', c.get('requestId'))
  const form = new URLSearchParams(await c.req.text())
  const answer = await answerTo(c, tenant, form)
  return answer.ok ? c.json(answer.body) : answerProblem(c, tenant, answer.problem)
}

async function answerTo(c: Context<TenantEnv>, tenant: Tenant, form: URLSearchParams): Promise<Answer> {
  const authority = c.req.param('tenant') ?? ''
  const grantType = form.get('grant_type')
  annotate(c, { clientId: form.get('client_id'), grantType: grantTypes.find((known) => known === grantType) ?? null })
  const strange = formProblem(c, form) ?? authorityProblem(tenant, authority)
  if (strange !== null) return { ok: false, problem: strange }
  const client = await authenticateClient(tenant, {
    form,
    authority,
    authorization: c.req.header('authorization'),
    tokenUrls: tokenUrlsOf(c),
  })
  if (!client.ok) return client
  annotate(c, { clientId: client.app.clientId })
  const asked = { app: client.app, form, authority }
  return grantType === 'client_credentials' ? grantToApp(c, tenant, asked) : grantToPerson(c, tenant, asked)
}

function formProblem(c: Context<TenantEnv>, form: URLSearchParams): EntraProblem | null {
  if (!c.req.header('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    return refusal(9002313, 'The body must be application/x-www-form-urlencoded.')
  }
  const grantType = form.get('grant_type')
  if (!grantType) return refusal(900144, "Missing: 'grant_type'.")
  return grantTypes.includes(grantType) ? null : refusal(70003, `'${grantType}'.`)
}

async function grantToPerson(c: Context<TenantEnv>, tenant: Tenant, { app, form, authority }: Asked): Promise<Answer> {
  const grantType = form.get('grant_type') as keyof typeof delegatedGrants
  if (grantType === 'password' && isSharedAuthority(authority)) return { ok: false, problem: refusal(9001023) }
  const granted: Granted = delegatedGrants[grantType](tenant, app, form)
  const userId = granted.ok ? granted.user.id : granted.userId
  annotate(c, { tokenKind: 'delegated', accountId: userId ?? null, accountName: nameOf(tenant, userId) })
  if (!granted.ok) return granted
  const wantsClientInfo = form.get('client_info') === '1'
  return { ok: true, body: await issueDelegatedTokens(tenant, { ...granted, app, wantsClientInfo }) }
}

async function grantToApp(c: Context<TenantEnv>, tenant: Tenant, { app, form, authority }: Asked): Promise<Answer> {
  annotate(c, { tokenKind: 'application' })
  if (isSharedAuthority(authority)) return { ok: false, problem: refusal(9001023) }
  if (isPublic(app)) return { ok: false, problem: refusal(7000218) }
  const problem = applicationScopeProblem(form.get('scope'))
  return problem === null ? { ok: true, body: await issueApplicationToken(tenant, app) } : { ok: false, problem }
}

/** Client credentials know one scope: `{resource}/.default` (entra-docs, v2-oauth2-client-creds-grant-flow). */
function applicationScopeProblem(parameter: string | null): EntraProblem | null {
  const scopes = (parameter ?? '').split(' ').filter((scope) => scope !== '')
  const [scope, ...others] = scopes
  if (scope === undefined) return refusal(900144, "Missing: 'scope'.")
  if (others.length > 0) return refusal(70011, 'Only one resource may be asked for at a time.')
  if (!scope.endsWith('/.default') && scope !== '.default') return refusal(1002012, `The scope was '${scope}'.`)
  return isDefaultScope(scope)
    ? null
    : refusal(500011, `Only '${graphAudience}' is known here; the scope was '${scope}'.`)
}

function tokenUrlsOf(c: Context<TenantEnv>): string[] {
  const here = new URL(c.req.url)
  const issuer = `${loginHost}/${c.req.param('tenant')}/v2.0`
  return [`${loginHost}${here.pathname}`, `${here.origin}${here.pathname}`, issuer]
}

function nameOf(tenant: Tenant, userId: string | undefined): string | null {
  return userId === undefined ? null : (tenant.users.get(userId)?.userPrincipalName ?? null)
}
