import { type ErrorList, refusals } from '#kit/refusal.ts'

export const providerErrors = {
  'providers.property_not_found': { status: 404, say: 'There is no such property. Look at the list of properties.' },
  'providers.property_refused': { status: 422, say: 'This value does not fit the property. Its form says what does.' },
  'providers.provider_not_found': { status: 404, say: 'There is no such calendar provider. Look at the list.' },
  'providers.provider_exists': {
    status: 409,
    say: 'A calendar provider with this name exists. Choose another name.',
  },
  'providers.provider_in_use': {
    status: 409,
    say: 'Rooms are kept in step by this calendar provider. Give them another one first.',
  },
  'providers.provider_has_history': {
    status: 409,
    say: 'Meetings and watched rooms name this calendar provider, so it cannot be deleted. Make it inactive instead.',
  },
  'providers.provider_inactive': {
    status: 409,
    say: 'The calendar provider of this room is inactive. Make it active on its form first.',
  },
  'providers.delegated_user_missing': {
    status: 422,
    say: 'Strict and personal mode need the mailbox of the delegated user. Enter its e-mail address.',
  },
  'providers.delegated_user_not_used': {
    status: 422,
    say: 'In normal mode the application acts, and there is no delegated user. Leave the e-mail address empty.',
  },
  'providers.dates_reversed': {
    status: 422,
    say: 'Synchronization would end before it starts. Choose an end after the start.',
  },
  'providers.wrong_grant': {
    status: 409,
    say: 'The token of the alias is of the wrong kind for this mode. Choose another profile on its credential.',
  },
  'providers.wrong_delegated_user': {
    status: 409,
    say: 'The token belongs to another account than the delegated user. Press Get OAuth Token and sign in as that one.',
  },
  'providers.configuration_not_found': {
    status: 404,
    say: 'There is no such reservable sync configuration. Look at the list.',
  },
  'providers.configuration_exists': {
    status: 409,
    say: 'This room has a reservable sync configuration already. Change that one.',
  },
  'providers.email_differs': {
    status: 422,
    say: 'The e-mail address is not that of the room’s mailbox. Correct it here or on the room.',
  },
  'providers.room_not_found': { status: 404, say: 'There is no such room. Look at the list of rooms.' },
  'providers.building_not_found': {
    status: 404,
    say: 'There is no such building, or it has no rooms in use. Look at the list of buildings.',
  },
  'providers.changed_by_someone_else': {
    status: 409,
    say: 'Somebody changed this record after you opened it. Reload it, then make your change again.',
  },
} as const satisfies ErrorList

export type ProviderErrorCode = keyof typeof providerErrors
export const refused = refusals(providerErrors)
