import type { ConnectionErrorCode } from './errors.ts'

/** Who can end a trouble: the person whose permission it is, an administrator, nobody (it passes by itself), or those who run this server. */
export type WhoMustAct = 'person' | 'administrator' | 'nobody' | 'us'

export type TroubleButton = { label: string; does: 'sign_in' | 'open_oauth_app' | 'test' }

export type Trouble = { whoMustAct: WhoMustAct; button: TroubleButton | null }

type Entry = Trouble & {
  /** Where it differs for a System credential, whose account an administrator signs in. */
  system?: Trouble
}

const signInAgain: Entry = {
  whoMustAct: 'person',
  button: { label: 'Authorise again', does: 'sign_in' },
  system: { whoMustAct: 'administrator', button: { label: 'Get OAuth Token', does: 'sign_in' } },
}
const atOAuthApp: Entry = {
  whoMustAct: 'administrator',
  button: { label: 'Open the OAuth app', does: 'open_oauth_app' },
}
/** What is stored on the credential is wrong or missing; once it is right, the button asks with it. */
const atCredential: Entry = {
  whoMustAct: 'administrator',
  button: { label: 'Get OAuth Token', does: 'sign_in' },
}
const passes: Entry = { whoMustAct: 'nobody', button: { label: 'Test now', does: 'test' } }
const ours: Entry = { whoMustAct: 'us', button: null }

/** Every way in which keeping a token can fail. The sentence of each is in errors.ts, or better words from the provider's number in entra.ts. */
const troubles: Partial<Record<ConnectionErrorCode, Entry>> = {
  'connections.refresh_refused': signInAgain,
  'connections.interaction_needed': signInAgain,
  'connections.sign_in_needed': signInAgain,
  'connections.sign_in_denied': signInAgain,
  'connections.destination_changed': signInAgain,
  'connections.wrong_account': signInAgain,
  'connections.consent_missing': {
    whoMustAct: 'administrator',
    button: { label: 'Authorise again', does: 'sign_in' },
    system: { whoMustAct: 'administrator', button: { label: 'Get OAuth Token', does: 'sign_in' } },
  },
  'connections.password_refused': atCredential,
  'connections.value_missing': atCredential,
  'connections.client_refused': atOAuthApp,
  'connections.client_secret_expired': atOAuthApp,
  'connections.app_disabled': atOAuthApp,
  'connections.provider_refused': atOAuthApp,
  'connections.oauth_app_incomplete': atOAuthApp,
  'connections.redirect_refused': atOAuthApp,
  'connections.provider_trouble': passes,
  'connections.no_answer': passes,
  'connections.identity_not_proven': passes,
  'connections.vault_sealed': ours,
}

/** Whose move it is after this error, and the button that makes it. What is not known is ours to look into. */
export function troubleOf(code: string, { system }: { system: boolean }): Trouble {
  const entry = troubles[code as ConnectionErrorCode] ?? ours
  const { whoMustAct, button } = (system ? entry.system : undefined) ?? entry
  return { whoMustAct, button }
}
