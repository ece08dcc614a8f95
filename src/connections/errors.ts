import { type ErrorList, refusals } from '#kit/refusal.ts'

export const connectionErrors = {
  // Records
  'connections.alias_not_found': {
    status: 404,
    say: 'There is no such alias. It may have been deleted; look at the list.',
  },
  'connections.alias_exists': {
    status: 409,
    say: 'An alias with this name exists in this application scope. Choose another name.',
  },
  'connections.alias_parent_refused': {
    status: 409,
    say: 'An alias cannot be its own parent or have a child as its parent. Choose another one.',
  },
  'connections.alias_not_descendant': {
    status: 409,
    say: 'The alias must be a child of the one it stands for. Choose one below it, or make it its child.',
  },
  'connections.alias_in_use': { status: 409, say: 'Other records use this alias. Move or delete them first.' },
  'connections.alias_has_no_connections': {
    status: 409,
    say: 'An alias of type Credential leads to a credential and has no connections. Change its type, or choose another alias.',
  },
  'connections.connection_not_found': {
    status: 404,
    say: 'There is no such connection. It may have been deleted; look at the list.',
  },
  'connections.connection_exists': { status: 409, say: 'A connection with this name exists. Choose another name.' },
  'connections.connection_in_use': {
    status: 409,
    say: 'Connections of child aliases inherit their address from this one. Give them one of their own first.',
  },
  'connections.another_connection_active': {
    status: 409,
    say: 'This alias has an active connection already. Deactivate it first, or let the alias have several.',
  },
  'connections.connection_url_refused': {
    status: 422,
    say: 'Tokens may not be sent to this address. Use https and one of the hosts that are named.',
  },
  'connections.credential_not_found': {
    status: 404,
    say: 'There is no such credential. It may have been deleted; look at the list.',
  },
  'connections.credential_exists': { status: 409, say: 'A credential with this name exists. Choose another name.' },
  'connections.credential_in_use': {
    status: 409,
    say: 'Connections use this credential. Give them another one first.',
  },
  'connections.grant_not_personal': {
    status: 409,
    say: 'A Personal credential needs a profile with the grant type Authorization Code: only there does a person sign in.',
  },
  'connections.field_not_for_type': {
    status: 422,
    say: 'A field does not belong to this type of credential. Leave it out.',
  },
  'connections.value_missing': {
    status: 409,
    say: 'A value of the credential is missing. Enter it on its form and save.',
  },
  'connections.value_refused': {
    status: 422,
    say: 'The value cannot be sent as it is. The answer says what is wrong with it.',
  },
  'connections.destination_missing': {
    status: 422,
    say: 'Enter the address that the value is for; it is sent nowhere else.',
  },
  'connections.secret_needed_again': {
    status: 409,
    say: 'The value was entered for another address and is not sent to a new one. Enter it again.',
  },
  'connections.credential_is_personal': {
    status: 409,
    say: 'This credential is Personal: each person authorises for themselves under My connections. Nobody can get a token for others.',
  },
  'connections.oauth_app_not_found': {
    status: 404,
    say: 'There is no such OAuth app. It may have been deleted; look at the list.',
  },
  'connections.oauth_app_exists': { status: 409, say: 'An OAuth app with this name exists. Choose another name.' },
  'connections.oauth_app_in_use': {
    status: 409,
    say: 'Credentials use the profiles of this OAuth app. Give them another profile first.',
  },
  'connections.oauth_app_incomplete': {
    status: 409,
    say: 'The OAuth app is not filled in yet. Complete it in the Application Registry.',
  },
  'connections.client_secret_needed_again': {
    status: 409,
    say: 'The client secret was entered for the old address or client ID and is not sent to a new one. Enter it again.',
  },
  'connections.client_secret_not_found': {
    status: 404,
    say: 'There is no such client secret. It may have been removed; look at the OAuth app.',
  },
  'connections.certificate_not_found': {
    status: 404,
    say: 'There is no such certificate. It may have been removed; look at the OAuth app.',
  },
  'connections.certificate_exists': { status: 409, say: 'The OAuth app has this certificate already.' },
  'connections.key_pair_unreadable': {
    status: 422,
    say: 'This is not a certificate together with its private key in PEM form. Paste both, without a passphrase.',
  },
  'connections.entity_scope_exists': { status: 409, say: 'This OAuth app has that scope already.' },
  'connections.profile_not_found': {
    status: 404,
    say: 'There is no such entity profile. It may have been deleted; look at the list.',
  },
  'connections.profile_exists': {
    status: 409,
    say: 'This OAuth app has a profile with that name, or a default one already.',
  },
  'connections.profile_in_use': { status: 409, say: 'Credentials use this profile. Give them another one first.' },
  'connections.profile_missing': {
    status: 409,
    say: 'The credential has no OAuth Entity Profile. Choose one on its form and save.',
  },
  'connections.application_scope_not_found': {
    status: 404,
    say: 'There is no such application scope. Choose one of the scope picker.',
  },
  'connections.attribute_not_found': {
    status: 404,
    say: 'There is no such attribute. It may have been deleted; look at the alias.',
  },
  'connections.attribute_exists': {
    status: 409,
    say: 'The alias has an attribute with this name. Choose another name.',
  },
  'connections.attribute_value_refused': { status: 422, say: 'The value is not of the attribute’s type.' },
  'connections.attribute_in_use': {
    status: 409,
    say: 'Connections have values for this attribute. Take their values away first.',
  },
  'connections.retry_policy_not_found': {
    status: 404,
    say: 'There is no such retry policy. It may have been deleted; look at the list.',
  },
  'connections.retry_policy_exists': { status: 409, say: 'A retry policy with this name exists. Choose another name.' },
  'connections.retry_policy_in_use': {
    status: 409,
    say: 'Aliases follow this retry policy. Give them another one first.',
  },
  'connections.retry_policy_is_default': {
    status: 409,
    say: 'Aliases without a policy of their own follow this one. Make another one the default first.',
  },
  'connections.template_not_found': { status: 404, say: 'There is no such template. Choose one of the list.' },
  'connections.template_incomplete': {
    status: 422,
    say: 'A field of the template is missing. The answer names it.',
  },
  'connections.changed_by_someone_else': {
    status: 409,
    say: 'Someone else changed this record after you opened it. Reload it, then make your change again.',
  },

  // Getting a token
  'connections.vault_sealed': {
    status: 503,
    say: 'The vault is sealed, because its root key is missing or is not the right one. Put the key file back.',
  },
  'connections.expected_account_missing': {
    status: 409,
    say: 'Enter the delegated user’s e-mail on the credential first, so that only that account is accepted.',
  },
  'connections.no_microsoft_account': {
    status: 409,
    say: 'You are signed in as a local user. Sign in with Microsoft, then authorise as yourself.',
  },
  'connections.browser_needed': {
    status: 409,
    say: 'Signing in needs a browser session of this site. Open the page in a browser and press the button there.',
  },
  'connections.authorization_not_found': { status: 404, say: 'There is no such sign-in of yours. Start it again.' },
  'connections.callback_refused': {
    status: 400,
    say: 'This answer does not belong to a sign-in that was started here. Nothing was stored. Start again from Anteroom.',
  },
  'connections.authorization_expired': {
    status: 400,
    say: 'The sign-in took longer than ten minutes. Nothing was stored. Start it again.',
  },
  'connections.other_browser': {
    status: 400,
    say: 'The sign-in was completed in another browser, session or user than the one that started it. Nothing was stored. Start it again.',
  },
  'connections.sign_in_denied': {
    status: 409,
    say: 'The sign-in was cancelled or the permission was not given. Nothing was stored. Start again when you are ready.',
  },
  'connections.wrong_account': {
    status: 409,
    say: 'Another account signed in than the one expected. Nothing was stored. Choose the right account.',
  },
  'connections.identity_not_proven': {
    status: 502,
    say: 'The answer does not prove who signed in, so nothing was stored. Start again; if it happens twice, check the OAuth app.',
  },
  'connections.sign_in_not_finished': {
    status: 500,
    say: 'Something went wrong on our side while the sign-in was being finished. Start again; the log has the details.',
  },
  'connections.probe_failed': {
    status: 502,
    say: 'The token was issued, but the live call that proves the account failed, so nothing was stored. Try again.',
  },

  // Using a token
  'connections.sign_in_needed': {
    status: 409,
    say: 'There is no token that works. Sign in with Get OAuth Token or under My connections.',
  },
  'connections.personal_needs_user': {
    status: 409,
    say: 'This alias uses each person’s own permission, so the system cannot use it by itself.',
  },
  'connections.not_set': {
    status: 409,
    say: 'The alias is not set up completely. Its resolution says what is missing.',
  },
  'connections.not_permitted': {
    status: 403,
    say: 'The OAuth app is kept to its own application scope, and this alias is in another one.',
  },
  'connections.destination_changed': {
    status: 409,
    say: 'The token was obtained for another address than the one set now, and is not sent there. Get the token again.',
  },
  'connections.refresh_refused': { status: 409, say: 'The permission was withdrawn or has lapsed. Sign in again.' },
  'connections.interaction_needed': {
    status: 409,
    say: 'The sign-in service wants to see the person again before it goes on. Sign in again.',
  },
  'connections.consent_missing': {
    status: 409,
    say: 'The permission was not given, or was withdrawn. Sign in again and accept; if it asks for approval, an administrator must give it.',
  },
  'connections.client_secret_expired': {
    status: 502,
    say: 'The client secret has expired. Everybody is affected until a new one is entered on the OAuth app.',
  },
  'connections.app_disabled': {
    status: 502,
    say: 'The app registration is disabled or not known in this tenant. Enable it at the provider, or correct the client ID on the OAuth app.',
  },
  'connections.client_refused': {
    status: 502,
    say: 'The client ID, client secret or certificate was refused. Give the OAuth app a valid one.',
  },
  'connections.password_refused': {
    status: 502,
    say: 'The user name or password was refused. Enter them again on the credential.',
  },
  'connections.provider_refused': {
    status: 502,
    say: 'The sign-in service refused the request. The OAuth app or its consent needs attention.',
  },
  'connections.provider_trouble': {
    status: 502,
    say: 'The sign-in service does not answer as it should at the moment. Try again shortly.',
  },
  'connections.nothing_to_release': {
    status: 409,
    say: 'This credential has no access token, and its own values never leave. Make the call through the alias.',
  },
  'connections.not_personal': {
    status: 409,
    say: 'This alias does not use each person’s own permission, so there is nothing to authorise.',
  },
  'connections.other_destination': {
    status: 409,
    say: 'The credential is for another address than the connection’s, so nothing was sent. Enter its value again for this address, or choose another credential.',
  },
  'connections.certificate_not_accepted': {
    status: 502,
    say: 'The server did not accept the client certificate. Compare it with what the server trusts, and its dates.',
  },
  'connections.release_off': {
    status: 403,
    say: 'Access tokens do not leave Anteroom. Make the call through the alias; the operator may allow it with ANTEROOM_RELEASE_TOKENS.',
  },
  'connections.other_origin': {
    status: 400,
    say: 'The address is not below the connection’s URL, so the token was not sent.',
  },
  'connections.destination_refused': {
    status: 502,
    say: 'The address is not one that calls may go to: it must use https and be on the open internet. Nothing was sent.',
  },
  'connections.redirect_refused': {
    status: 502,
    say: 'The server tried to send the call, with its token, somewhere else. It was not followed.',
  },
  'connections.no_answer': { status: 504, say: 'The server did not answer within the connection’s time-out.' },
} as const satisfies ErrorList

export type ConnectionErrorCode = keyof typeof connectionErrors

export const refused = refusals(connectionErrors)
