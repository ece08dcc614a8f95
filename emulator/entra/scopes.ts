import { graphAudience } from '../access-token.ts'
import { type EntraProblem, refusal } from './problem.ts'

export type ScopeWords = { title: string; detail: string; adminOnly: boolean }

/** OpenID Connect's own scopes; they belong to no resource. */
export const oidcScopes = ['openid', 'profile', 'email', 'offline_access'] as const

/** The delegated permissions of Graph this tenant knows, in the words of its consent page. */
const words: Record<string, [title: string, detail: string, adminOnly?: 'admin']> = {
  openid: ['Sign you in', 'Allows the app to know who you are.'],
  profile: ['View your basic profile', 'Allows the app to see your basic profile (name, user name).'],
  email: ['View your email address', 'Allows the app to read your primary email address.'],
  offline_access: [
    'Maintain access to data you have given it access to',
    'Allows the app to use what you allowed, even when you are not using the app. It gets no further permissions by this.',
  ],
  'User.Read': [
    'Sign you in and read your profile',
    'Allows you to sign in to the app and the app to read your profile.',
  ],
  'User.ReadBasic.All': [
    "Read all users' basic profiles",
    'Allows the app to read name and mail address of other people.',
  ],
  'User.Read.All': ["Read all users' full profiles", 'Allows the app to read every profile on your behalf.', 'admin'],
  'Calendars.Read': ['Read your calendars', 'Allows the app to read events in your calendars.'],
  'Calendars.Read.Shared': ['Read calendars you can access', 'Allows the app to read calendars shared with you.'],
  'Calendars.ReadBasic': [
    'Read basic details of your calendars',
    'Allows the app to read when and where, but not what.',
  ],
  'Calendars.ReadWrite': [
    'Have full access to your calendars',
    'Allows the app to read, create, change and delete events in your calendars.',
  ],
  'Calendars.ReadWrite.Shared': [
    'Read and write to your and shared calendars',
    'Allows the app to create, read, change and delete events in all calendars you have permission to access, shared ones included.',
  ],
  'MailboxSettings.Read': ['Read your mailbox settings', 'Allows the app to read your time zone and working hours.'],
  'MailboxSettings.ReadWrite': [
    'Read and write your mailbox settings',
    'Allows the app to change your mailbox settings.',
  ],
  'Mail.Send': ['Send mail as you', 'Allows the app to send mail as you.'],
  'Place.Read.All': ['Read all company places', 'Allows the app to read meeting rooms and room lists.', 'admin'],
}

/** What the consent page says about a scope. */
export function wordsOf(scope: string): ScopeWords {
  const [title, detail, admin] = words[shortScope(scope)] ?? [shortScope(scope), 'A permission of Microsoft Graph.']
  return { title, detail, adminOnly: admin === 'admin' }
}

/** `https://graph.microsoft.com/User.Read` and `user.read` both mean `User.Read`; a name that is not known stays as it is. */
export function shortScope(scope: string): string {
  const bare = scope.toLowerCase().startsWith(`${graphAudience}/`)
    ? scope.slice(graphAudience.length).replace(/^\/+/, '')
    : scope
  return Object.keys(words).find((name) => name.toLowerCase() === bare.toLowerCase()) ?? bare
}

export const isDefaultScope = (scope: string) => shortScope(scope) === '.default'

/**
 * Reads a scope parameter of the delegated grants: known names of Graph, long or short, OpenID's, or `/.default` without others of the
 * resource.
 */
export function readScopes(parameter: string): { ok: true; scopes: string[] } | { ok: false; problem: EntraProblem } {
  const scopes = [...new Set(parameter.split(' ').filter((scope) => scope !== ''))]
  const foreign = scopes.find((scope) => scope.includes('://') && !scope.toLowerCase().startsWith(`${graphAudience}/`))
  if (foreign !== undefined) return { ok: false, problem: refusal(500011, `The resource of '${foreign}' is unknown.`) }
  const strange = scopes.find((scope) => !isDefaultScope(scope) && words[shortScope(scope)] === undefined)
  if (strange !== undefined) return { ok: false, problem: refusal(70011, `The scope '${strange}' does not exist.`) }
  const resourceScopes = scopes.filter((scope) => !isOidcScope(scope))
  if (resourceScopes.some(isDefaultScope) && resourceScopes.length > 1) {
    return { ok: false, problem: refusal(70011, '.default cannot be combined with other scopes of the resource.') }
  }
  return { ok: true, scopes }
}

export function isOidcScope(scope: string): boolean {
  return (oidcScopes as readonly string[]).includes(scope)
}
