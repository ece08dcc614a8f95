import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { visibleText } from '#kit/visible-text.ts'

export const roles = [
  'admin',
  'credential_admin',
  'connection_admin',
  'oauth_admin',
  'rsvsync_admin',
  'approver',
  'employee',
] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** Roles that see the console at all. */
export const consoleRoles = [
  'admin',
  'credential_admin',
  'connection_admin',
  'oauth_admin',
  'rsvsync_admin',
] as const satisfies readonly Role[]

/** A name that people read: at least one character that can be seen. */
export function name(lengthMax: number, missing: string) {
  return z.string().max(lengthMax).transform(visibleText).pipe(z.string().trim().min(1, missing))
}

export const person = z.object({
  id: z.uuid(),
  displayName: z.string(),
  email: z.string(),
  kind: z.enum(['local', 'microsoft', 'service']),
  roles: z.array(role),
  timeZone: z.string(),
})
export type Person = z.infer<typeof person>

/** What every page needs first: who is here, how to protect a write, and what kind of place this is. */
export const me = z.object({
  person: person.nullable(),
  provedAt: z.iso.datetime().nullable().describe('When this person last gave their password, as far as it is known'),
  csrfToken: z
    .string()
    .nullable()
    .describe('Sent back in the X-Anteroom-CSRF header of every request that is not a GET'),
  setupNeeded: z
    .boolean()
    .describe('No local administrator exists yet: the one-time code on the server console creates one'),
  microsoftSignIn: z.boolean(),
  standIns: z
    .array(z.object({ host: z.string(), target: z.string() }))
    .describe('Hosts that a local tenant answers for'),
  vault: z.enum(['open', 'sealed']),
  vaultSealedBecause: z.string().nullable(),
  demo: z.boolean(),
})
export type Me = z.infer<typeof me>

export const readMe = endpoint({
  method: 'GET',
  path: '/api/people/me',
  summary: 'Who is signed in',
  access: 'anyone',
  answer: me,
})

export const setUp = endpoint({
  method: 'POST',
  path: '/api/people/setup',
  summary: 'Create the first administrator with the one-time code from the server console',
  access: 'anyone',
  body: z.strictObject({
    code: z.string().trim().min(1, 'Enter the code that the server printed when it started.').max(100),
    email: z.email('Enter an e-mail address such as ada@contoso.example.').max(320),
    displayName: name(120, 'Enter a name.'),
    password: z.string().min(12, 'Use at least 12 characters.').max(1024),
  }),
  answer: me,
  status: 201,
  errors: [
    'people.setup_code_refused',
    'people.setup_done',
    'people.email_in_use',
    'people.password_too_simple',
    'people.too_many_attempts',
    'people.busy',
  ],
})

export const signInWithPassword = endpoint({
  method: 'POST',
  path: '/api/people/sign-in',
  summary: 'Sign in as a local administrator',
  access: 'anyone',
  body: z.strictObject({
    email: z.string().trim().min(1, 'Enter your e-mail address.').max(320),
    password: z.string().min(1, 'Enter your password.').max(1024),
  }),
  answer: me,
  errors: ['people.sign_in_refused', 'people.too_many_attempts', 'people.busy'],
})

export const startMicrosoftSignIn = endpoint({
  method: 'POST',
  path: '/api/people/sign-in/microsoft',
  summary: 'Begin Sign in with Microsoft; send the browser to the returned address',
  access: 'anyone',
  body: z.strictObject({ returnTo: z.string().max(2000).default('/') }),
  answer: z.object({ url: z.string() }),
  errors: ['people.microsoft_sign_in_off', 'people.microsoft_unreachable', 'people.too_many_attempts'],
})

export const proveByPassword = endpoint({
  method: 'POST',
  path: '/api/people/me/proof',
  summary: 'Give one’s password again before something dangerous; the session goes on under a new cookie',
  access: 'signed_in',
  body: z.strictObject({ password: z.string().min(1, 'Enter your password.').max(1024) }),
  answer: me,
  errors: ['people.sign_in_refused', 'people.too_many_attempts', 'people.busy', 'people.session_required'],
})

export const proveByMicrosoftSignIn = endpoint({
  method: 'POST',
  path: '/api/people/me/proof/microsoft',
  summary: 'The same at Microsoft; send the browser to the returned address',
  access: 'signed_in',
  body: z.strictObject({ returnTo: z.string().max(2000).default('/') }),
  answer: z.object({ url: z.string() }),
  errors: [
    'people.microsoft_sign_in_off',
    'people.microsoft_unreachable',
    'people.too_many_attempts',
    'people.session_required',
  ],
})

export const signOut = endpoint({
  method: 'POST',
  path: '/api/people/sign-out',
  summary: 'End this session',
  access: 'anyone',
  answer: z.object({ done: z.literal(true) }),
})

export const updateMe = endpoint({
  method: 'PATCH',
  path: '/api/people/me',
  summary: 'Change what is mine to change',
  access: 'signed_in',
  body: z.strictObject({ timeZone: z.string().max(64).describe('IANA name, for example Europe/Berlin') }),
  answer: person,
})

export const directoryEntry = z.object({ id: z.uuid(), displayName: z.string(), email: z.string() })

export const searchDirectory = endpoint({
  method: 'GET',
  path: '/api/people/directory',
  summary: 'Find people by name or e-mail',
  access: 'signed_in',
  query: z.object({ q: z.string().max(200).default('') }),
  answer: z.object({ people: z.array(directoryEntry) }),
})

export const userRow = person.extend({
  active: z.boolean(),
  lastSignInAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  version: z.number().int(),
})
export type UserRow = z.infer<typeof userRow>

export const listUsers = endpoint({
  method: 'GET',
  path: '/api/people/users',
  summary: 'Everybody who has an Anteroom account, service accounts included',
  access: ['admin'],
  query: listQuery.extend({ kind: person.shape.kind.optional() }),
  answer: pageOf(userRow),
})

export const updateUser = endpoint({
  method: 'PATCH',
  path: '/api/people/users/{id}',
  summary: 'Change roles or deactivate; ends that person’s sessions',
  access: ['admin'],
  params: z.object({ id: z.uuid() }),
  body: z.strictObject({ roles: z.array(role).optional(), active: z.boolean().optional(), version: z.number().int() }),
  answer: userRow,
  errors: [
    'people.user_not_found',
    'people.last_admin',
    'people.changed_by_someone_else',
    'http.recent_sign_in_required',
  ],
})
