/** Why a sign-in at Microsoft brought nobody in. The server comes back with a code of docs/errors.md in the address. */
const sentences: Record<string, string> = {
  'people.sign_in_denied':
    'The sign-in was ended at Microsoft before it was complete. Start it again when you are ready.',
  'people.sign_in_other_browser':
    'This sign-in was not started in this browser, or was overtaken by a newer one. Start it again here.',
  'people.sign_in_expired': 'The sign-in took longer than 10 minutes, so it ended. Start it again.',
  'people.sign_in_used': 'This sign-in was completed before. Start a new one.',
  'people.sign_in_wrong_tenant':
    'This Microsoft account belongs to another organisation. Sign in with your account of this organisation.',
  'people.sign_in_not_verified':
    'Microsoft’s answer could not be verified, so nobody was signed in. Start again; if it repeats, tell an administrator.',
  'people.sign_in_secret_refused':
    'Microsoft refused Anteroom’s own client secret. An administrator must renew it; until then nobody can sign in this way.',
  'people.sign_in_other_person':
    'Somebody else signed in at Microsoft than the person who is signed in here. Sign in there as yourself.',
  'people.sign_in_not_fresh':
    'Microsoft let you in without asking for your password, so it does not show that it is you. Try again and enter it.',
  'people.sign_in_time_unknown':
    'Microsoft did not say when you entered your password. An administrator must add the optional claim auth_time to the ID token of Anteroom’s app registration.',
  'people.user_inactive': 'Your Anteroom account is deactivated. Ask an administrator to activate it.',
  'people.microsoft_unreachable':
    'Microsoft’s sign-in service did not answer as it should. Nothing was changed; try again in a moment.',
  'people.microsoft_sign_in_off': 'Sign in with Microsoft is not set up here. Ask your administrator.',
}

export function signInProblem(code: string | undefined): string | null {
  if (code === undefined || code === '') return null
  return (
    sentences[code] ??
    `The sign-in did not work (${code}). Try again; if it repeats, tell your administrator this code.`
  )
}
