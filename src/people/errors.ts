import { type ErrorList, refusals } from '#kit/refusal.ts'

export const peopleErrors = {
  'people.setup_code_refused': {
    status: 403,
    say: 'This code is wrong, used or older than 30 minutes. Start Anteroom again and enter the new code it prints.',
  },
  'people.setup_done': {
    status: 409,
    say: 'A local administrator exists already. Sign in instead, or ask that person for a role.',
  },
  'people.email_in_use': {
    status: 409,
    say: 'A local administrator with this e-mail address exists. Use another one.',
  },
  'people.password_too_simple': {
    status: 400,
    say: 'This password is easy to guess. Use several words that have nothing to do with each other.',
  },
  'people.sign_in_refused': {
    status: 401,
    say: 'E-mail address or password are not right. Check both, or use Sign in with Microsoft.',
  },
  'people.too_many_attempts': { status: 429, say: 'Too many attempts in a short time. Wait a minute and try again.' },
  'people.busy': { status: 503, say: 'Too many people are signing in at this moment. Try again in a few seconds.' },
  'people.microsoft_sign_in_off': {
    status: 409,
    say: 'Sign in with Microsoft is not set up. Set ANTEROOM_SIGN_IN_TENANT_ID, _CLIENT_ID and _CLIENT_SECRET and start again.',
  },
  'people.microsoft_unreachable': {
    status: 503,
    say: 'Microsoft’s sign-in service did not answer as it should. Nothing was changed; try again in a moment.',
  },
  'people.sign_in_denied': {
    status: 403,
    say: 'The sign-in was ended at Microsoft before it was complete. Start it again when you are ready.',
  },
  'people.sign_in_other_browser': {
    status: 400,
    say: 'This sign-in was not started in this browser, or was overtaken by a newer one. Start it again here.',
  },
  'people.sign_in_expired': { status: 400, say: 'This sign-in took longer than 10 minutes. Start it again.' },
  'people.sign_in_used': { status: 400, say: 'This sign-in was completed before. Start a new one.' },
  'people.sign_in_wrong_tenant': {
    status: 403,
    say: 'This Microsoft account belongs to another organisation. Sign in with your account of this organisation.',
  },
  'people.sign_in_not_verified': {
    status: 502,
    say: 'Microsoft’s answer could not be verified, so nobody was signed in. Start again; if it repeats, tell an administrator.',
  },
  'people.sign_in_secret_refused': {
    status: 502,
    say: 'Microsoft refused Anteroom’s own client secret. An administrator must renew ANTEROOM_SIGN_IN_CLIENT_SECRET.',
  },
  'people.sign_in_other_person': {
    status: 403,
    say: 'Somebody else signed in at Microsoft than the person who is signed in here. Sign in there as yourself.',
  },
  'people.sign_in_not_fresh': {
    status: 403,
    say: 'Microsoft let you in without asking for your password, so it does not show that it is you. Try again and enter it.',
  },
  'people.sign_in_time_unknown': {
    status: 502,
    say: 'Microsoft did not say when you entered your password. An administrator must add the optional claim auth_time to the ID token of Anteroom’s app registration.',
  },
  'people.user_inactive': {
    status: 403,
    say: 'Your Anteroom account is deactivated. Ask an administrator to activate it.',
  },
  'people.user_not_found': { status: 404, say: 'There is no such user. Reload the list.' },
  'people.user_ambiguous': {
    status: 409,
    say: 'Several users have this e-mail address. Name one by its id, which the list of users shows.',
  },
  'people.last_admin': {
    status: 409,
    say: 'This is the last active administrator. Give another person the role admin first.',
  },
  'people.changed_by_someone_else': {
    status: 409,
    say: 'Somebody else changed this user meanwhile. Look at the current values and decide again.',
  },
  'people.api_token_refused': {
    status: 401,
    say: 'This API token is unknown, revoked, expired or mistyped. Create another one and use that.',
  },
  'people.api_token_not_found': { status: 404, say: 'You have no such API token. It may have been revoked already.' },
  'people.too_many_api_tokens': {
    status: 409,
    say: 'There are 50 API tokens that still work. Revoke those that nobody uses, then create another.',
  },
  'people.service_account_exists': {
    status: 409,
    say: 'There is a service account with this name. Use it, or choose another name.',
  },
  'people.service_account_required': {
    status: 409,
    say: 'A person creates API tokens for themselves, on the page Account. Here they are created for service accounts only.',
  },
  'people.session_required': {
    status: 403,
    say: 'An API token cannot create another one. Sign in with a browser, or use the command line on the server.',
  },
} as const satisfies ErrorList

export const refused = refusals(peopleErrors)
