import { revokeSignInSessions } from '../entra/revoke-sessions.ts'
import type { User } from '../model.ts'
import { holdsAny } from './access.ts'
import { entityAnswer, selected } from './collection.ts'
import type { GraphAnswer, GraphCall } from './graph-call.ts'
import { badRequest, GraphProblem, insufficientPrivileges } from './graph-problem.ts'
import { type Route, route } from './router.ts'

const ownReaders = ['User.Read', 'User.ReadWrite', 'User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All']
const anyReaders = ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All']
const revokers = ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All']

/** Users of the directory (Graph user-get) and the end of their sessions (user-revokesigninsessions). */
export const userRoutes: Route[] = ['/me', '/users/:user'].flatMap((path) => [
  route('GET', path, getUser),
  route('POST', `${path}/revokeSignInSessions`, revokeSessions),
])

/** What comes without `$select`; the rest comes only by name. */
const shownUnasked = [
  ...['businessPhones', 'displayName', 'givenName', 'jobTitle', 'mail', 'mobilePhone'],
  ...['officeLocation', 'preferredLanguage', 'surname', 'userPrincipalName', 'id'],
]

function getUser(call: GraphCall): GraphAnswer {
  const user = namedUser(call)
  const isOwn = call.token.accountId === user.id
  if (!holdsAny(call.token, isOwn ? ownReaders : anyReaders)) throw insufficientPrivileges()
  const json = selected(userJson(call, user), call.query.select ?? shownUnasked, [])
  return entityAnswer(call, json, 'users', [])
}

/** Answers 200 and true, as the service does, and not 204, as its page says. */
function revokeSessions(call: GraphCall): GraphAnswer {
  const user = namedUser(call)
  const isOwn = call.token.accountId === user.id
  const actor = call.tenant.users.get(call.token.accountId ?? '')
  const isAdministration = call.token.accountId === null || actor?.isTenantAdmin === true
  const permitted = isOwn ? [...revokers, 'User.ReadWrite'] : revokers
  if (!holdsAny(call.token, permitted) || !(isOwn || isAdministration)) throw insufficientPrivileges()
  const value = revokeSignInSessions(call.tenant, user.id)
  return { status: 200, body: { '@odata.context': `${call.root}/$metadata#Edm.Boolean`, value } }
}

function namedUser({ tenant, token, params }: GraphCall): User {
  const name = params.user ?? token.accountId
  if (name === null) throw badRequest('/me request is only valid with delegated authentication flow.')
  const user = tenant.findUser(name)
  if (user !== undefined) return user
  const message = `Resource '${name}' does not exist or one of its queried reference-property objects are not present.`
  throw new GraphProblem(404, 'Request_ResourceNotFound', message)
}

function userJson({ tenant }: GraphCall, user: User): Record<string, unknown> {
  const [givenName = '', ...rest] = user.displayName.split(' ')
  const isPerson = user.kind === 'person'
  return {
    businessPhones: [],
    displayName: user.displayName,
    givenName: isPerson ? givenName : null,
    jobTitle: null,
    mail: user.mail,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: isPerson ? rest.join(' ') : null,
    userPrincipalName: user.userPrincipalName,
    id: user.id,
    accountEnabled: user.enabled,
    signInSessionsValidFromDateTime: user.signInSessionsValidFrom,
    userType: user.homeTenantId === null || user.homeTenantId === tenant.directory.tenantId ? 'Member' : 'Guest',
  }
}
