import type { Context } from 'hono'
import type { TenantEnv } from '../http.ts'
import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { adminConsentAfterSignIn, answerAdminConsent, readAdminConsent } from './admin-consent.ts'
import { type AuthorizeRequest, readAuthorizeRequest } from './authorize-request.ts'
import { authTimeOf, knownAccounts, rememberAccount } from './browser-session.ts'
import { grantConsent, missingScopes, needingAdmin } from './consent.ts'
import { consentPage, needAdminPage } from './consent-pages.ts'
import { checkPassword } from './password-grant.ts'
import { refusal } from './problem.ts'
import { replyWithCode, replyWithProblem } from './reply.ts'
import { isDefaultScope, shortScope } from './scopes.ts'
import { decideSignIn } from './sign-in-decision.ts'
import { passwordPage, pickerPage, type SignInContext, usernamePage } from './sign-in-pages.ts'

/**
 * The steps of a sign-in. Nothing is kept between them but the browser's session cookie: every form carries its `destination`, the path
 * and query the person was on the way to (an authorize or admin consent request, or a page of ours).
 */
export function beginAuthorize(c: Context<TenantEnv>, tenant: Tenant) {
  const url = new URL(c.req.url)
  const read = readAuthorizeRequest(tenant, c.req.param('tenant') ?? '', url.searchParams)
  if (!read.ok) return replyWithProblem(c, tenant, read.problem, read.replyTo)
  const { request } = read
  const context = contextOf(tenant, url.pathname + url.search)
  const decision = decideSignIn(request, knownAccounts(c, tenant))
  switch (decision.do) {
    case 'refuse':
      return replyWithProblem(c, tenant, decision.problem, request)
    case 'pick':
      return c.html(pickerPage(context, knownAccounts(c, tenant)))
    case 'askUsername':
      return c.html(usernamePage(context, decision.prefill, null))
    case 'askPassword':
      return c.html(passwordPage(context, decision.username, null))
    case 'continue':
      rememberAccount(c, tenant, decision.user.id, 'chosen')
      return authorizeAfterSignIn(c, context, request, decision.user)
  }
}

/** Both admin consent endpoints: a request that cannot be trusted is refused before anybody gives a password. */
export function beginAdminConsent(c: Context<TenantEnv>, tenant: Tenant) {
  const url = new URL(c.req.url)
  const request = readAdminConsent(tenant, url)
  if (!request.ok) return replyWithProblem(c, tenant, request.problem, null)
  return askToSignIn(c, tenant, url.pathname + url.search)
}

/** Shows the sign-in for a page that needs a person: the picker if this browser knows somebody. */
export function askToSignIn(c: Context<TenantEnv>, tenant: Tenant, destination: string) {
  const context = contextOf(tenant, destination)
  const accounts = knownAccounts(c, tenant)
  return c.html(accounts.length > 0 ? pickerPage(context, accounts) : usernamePage(context, '', null))
}

/** `POST /common/login`: one step of the forms. */
export async function answerLogin(c: Context<TenantEnv>, tenant: Tenant) {
  const form = new URLSearchParams(await c.req.text())
  const context = contextOf(tenant, form.get('destination') ?? '/')
  switch (form.get('step')) {
    case 'pick':
      return answerPick(c, context, form.get('account') ?? '')
    case 'username':
      return answerUsername(c, context, (form.get('username') ?? '').trim())
    case 'password':
      return answerPassword(c, context, form)
    case 'consent':
      return answerConsent(c, context, form)
    default:
      return replyWithProblem(c, tenant, refusal(9002313), null)
  }
}

function answerPick(c: Context<TenantEnv>, context: SignInContext, userId: string) {
  const account = knownAccounts(c, context.tenant).find((one) => one.user.id === userId)
  if (account === undefined) return c.html(usernamePage(context, '', null))
  if (!account.signedIn) return c.html(passwordPage(context, account.user.userPrincipalName, null))
  rememberAccount(c, context.tenant, account.user.id, 'chosen')
  return goOn(c, context, account.user)
}

function answerUsername(c: Context<TenantEnv>, context: SignInContext, username: string) {
  if (context.tenant.findUser(username) !== undefined) return c.html(passwordPage(context, username, null))
  const error = `We couldn't find an account with the name "${username}". Check it, or ask your administrator.`
  return c.html(usernamePage(context, username, error))
}

function answerPassword(c: Context<TenantEnv>, context: SignInContext, form: URLSearchParams) {
  const username = form.get('username') ?? ''
  if (form.has('back')) return c.html(usernamePage(context, username, null))
  const checked = checkPassword(context.tenant, username, form.get('password') ?? '')
  if (!checked.ok) return c.html(passwordPage(context, username, wordsForPerson(checked.problem.number)))
  rememberAccount(c, context.tenant, checked.user.id, 'password')
  return goOn(c, context, checked.user)
}

function wordsForPerson(number: number): string {
  if (number === 50126) return 'Your account or password is incorrect. Try again.'
  return number === 50057
    ? 'This account is disabled for sign-in. Ask your administrator. (AADSTS50057)'
    : `This account cannot sign in. (AADSTS${number})`
}

/** A person is known: on to where they were going. */
function goOn(c: Context<TenantEnv>, context: SignInContext, user: User) {
  const { tenant, destination } = context
  const target = readDestination(tenant, destination)
  if (target.is === 'page') return c.redirect(target.path, 303)
  if (target.is === 'adminConsent') return adminConsentAfterSignIn(c, context, target.request, user)
  if (!target.read.ok) return replyWithProblem(c, tenant, target.read.problem, target.read.replyTo)
  return authorizeAfterSignIn(c, context, target.read.request, user)
}

function authorizeAfterSignIn(c: Context<TenantEnv>, context: SignInContext, request: AuthorizeRequest, user: User) {
  const { tenant } = context
  if (signedInTooLongAgo(c, tenant, request, user)) return c.html(passwordPage(context, user.userPrincipalName, null))
  const missing = missingScopes(tenant, request.app, user.id, request.scopes)
  const toShow = request.prompt === 'consent' ? everyAskedScope(request) : missing
  if (toShow.length === 0) return replyWithCode(c, tenant, request, user)
  if (request.prompt === 'none') {
    return replyWithProblem(c, tenant, { ...refusal(65001), error: 'consent_required' }, request)
  }
  const forAdmin = needingAdmin(user, missing)
  if (forAdmin.length > 0) return c.html(needAdminPage(context, user, forAdmin))
  return c.html(consentPage(context, user, toShow))
}

/** `max_age`: a session is not good for it however it came about, only the password itself is. */
function signedInTooLongAgo(c: Context<TenantEnv>, tenant: Tenant, { maxAgeSeconds }: AuthorizeRequest, user: User) {
  if (maxAgeSeconds === null) return false
  return Math.floor(tenant.now().getTime() / 1000) - authTimeOf(c, tenant, user.id) > maxAgeSeconds
}

/** Consent is taken only from an account that is signed in in this browser. */
function answerConsent(c: Context<TenantEnv>, context: SignInContext, form: URLSearchParams) {
  const { tenant, destination } = context
  const account = knownAccounts(c, tenant).find((one) => one.signedIn && one.user.id === form.get('account'))
  if (account === undefined) return askToSignIn(c, tenant, destination)
  const target = readDestination(tenant, destination)
  const accepted = form.get('answer') === 'accept'
  if (target.is === 'page') return c.redirect(target.path, 303)
  if (target.is === 'adminConsent') return answerAdminConsent(c, tenant, target.request, account.user, accepted)
  if (!target.read.ok) return replyWithProblem(c, tenant, target.read.problem, target.read.replyTo)
  const { request } = target.read
  if (!accepted) return replyWithProblem(c, tenant, refusalOfConsent(form), request, { error_subcode: 'cancel' })
  const scopes = everyAskedScope(request)
  if (needingAdmin(account.user, scopes).length > 0) return replyWithProblem(c, tenant, refusal(90094), request)
  const forEverybody = form.has('everybody') && account.user.isTenantAdmin
  grantConsent(tenant, request.app.clientId, forEverybody ? null : account.user.id, scopes)
  return replyWithCode(c, tenant, request, account.user)
}

function refusalOfConsent(form: URLSearchParams) {
  return form.has('needsAdmin') ? refusal(90094) : refusal(65004)
}

function everyAskedScope(request: AuthorizeRequest): string[] {
  const { app, scopes } = request
  return [...new Set(scopes.flatMap((scope) => (isDefaultScope(scope) ? app.delegatedScopes : [shortScope(scope)])))]
}

function contextOf(tenant: Tenant, destination: string): SignInContext {
  const clientId = new URL(destination, 'http://tenant').searchParams.get('client_id')
  return { tenant, destination, appName: clientId === null ? null : (tenant.findApp(clientId)?.displayName ?? null) }
}

/** Only paths of this server are destinations; an address of elsewhere becomes a path here. */
function readDestination(tenant: Tenant, destination: string) {
  const url = new URL(destination, 'http://tenant')
  const authority = url.pathname.split('/')[1] ?? ''
  if (url.pathname.endsWith('/oauth2/v2.0/authorize')) {
    return { is: 'authorize', read: readAuthorizeRequest(tenant, authority, url.searchParams) } as const
  }
  if (url.pathname.endsWith('/adminconsent'))
    return { is: 'adminConsent', request: readAdminConsent(tenant, url) } as const
  return { is: 'page', path: url.pathname.replace(/^\/+/, '/') + url.search } as const
}
