import { type ErrorList, refusals } from '#kit/refusal.ts'

export const httpErrors = {
  'http.invalid_input': { status: 400, say: 'Some fields need attention. Each has its message.' },
  'http.not_json': { status: 415, say: 'Send the body as JSON with Content-Type: application/json.' },
  'http.body_too_large': { status: 413, say: 'The request is larger than 1 MB. Send less at once.' },
  'http.sign_in_required': {
    status: 401,
    say: 'Sign in first, or send an API token as Authorization: Bearer an_pat_….',
  },
  'http.role_required': {
    status: 403,
    say: 'Your roles do not allow this. Ask an administrator for the role that is named.',
  },
  'http.recent_sign_in_required': {
    status: 403,
    say: 'This needs a sign-in of the last 10 minutes, so that nobody can do it at a desk that was left alone. Confirm that it is you, then it goes on.',
  },
  'http.scope_required': {
    status: 403,
    say: 'This API token is not for this. Create one with the scope that is named.',
  },
  'http.not_found': {
    status: 404,
    say: 'There is nothing at this address. The operations are listed at /api/openapi.json.',
  },
  'http.method_not_allowed': { status: 405, say: 'This address does not take this method. See /api/openapi.json.' },
  'http.cross_site': {
    status: 403,
    say: 'The request did not come from this site’s own pages. Reload the page and try again.',
  },
  'http.wrong_host': {
    status: 421,
    say: 'This server does not answer for that host name. Use the address in ANTEROOM_PUBLIC_URL.',
  },
  'http.credentials_in_url': {
    status: 400,
    say: 'A token in the address would end up in logs. Send it in the Authorization header.',
  },
  'http.database_unavailable': {
    status: 503,
    say: 'The database does not answer. Nothing was changed; try again in a moment.',
  },
  'http.our_fault': {
    status: 500,
    say: 'Something went wrong on our side. Nothing was lost; the log has the details under this request id.',
  },
} as const satisfies ErrorList

export const refused = refusals(httpErrors)
