import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import {
  byId,
  done,
  id,
  probeAnswer,
  readers,
  reference,
  stamp,
  syncAdmins,
  syncMode,
  systemActing,
  version,
  watchCounts,
} from './contract.ts'

export const processor = z.enum(['microsoft_graph'])

export const calendarProviderRow = z.object({
  id,
  name: z.string(),
  active: z.boolean(),
  processor,
  mode: syncMode.describe('Its own, or the property’s'),
  ownMode: syncMode.nullable(),
  delegatedUserEmail: z.string().nullable(),
  roomCount: z.number().int(),
  activeRoomCount: z.number().int().describe('Rooms whose configuration is active'),
  acting: systemActing,
  ...stamp,
})
export type CalendarProviderRow = z.infer<typeof calendarProviderRow>

export const calendarProvider = calendarProviderRow.extend({
  description: z.string(),
  overrideAlias: reference.extend({ aliasId: z.string() }).nullable(),
  alias: z
    .object({ id: z.uuid().nullable(), aliasId: z.string() })
    .describe('The alias in use: its own, or the mode’s'),
  syncStartsOn: z.iso.date().nullable(),
  syncEndsOn: z.iso.date().nullable(),
  watching: watchCounts,
})
export type CalendarProvider = z.infer<typeof calendarProvider>

const calendarProviderFields = {
  name: z.string().trim().min(1, 'Enter a name.').max(120),
  description: z.string().max(2000),
  active: z.boolean(),
  mode: syncMode.nullable().describe('Null: the synchronization mode property decides'),
  overrideAliasId: id.nullable().describe('An alias below the default one, in its place'),
  delegatedUserEmail: z
    .email('Enter the delegated user’s e-mail address, for example rooms@contoso.example.')
    .max(320)
    .nullable(),
  syncStartsOn: z.iso.date('Enter a day.').nullable(),
  syncEndsOn: z.iso.date('Enter a day.').nullable(),
}

export const listCalendarProviders = endpoint({
  method: 'GET',
  path: '/api/providers/calendar-providers',
  summary: 'Calendar providers, and whether the system can act through each',
  access: readers,
  query: listQuery.extend({ active: z.stringbool().optional() }),
  answer: pageOf(calendarProviderRow),
})

export const readCalendarProvider = endpoint({
  method: 'GET',
  path: '/api/providers/calendar-providers/{id}',
  summary: 'One calendar provider: whose permission it uses, its rooms, and how they are watched',
  access: readers,
  params: byId,
  answer: calendarProvider,
  errors: ['providers.provider_not_found'],
})

const refusals = [
  'providers.provider_exists',
  'providers.delegated_user_missing',
  'providers.delegated_user_not_used',
  'providers.dates_reversed',
  'connections.alias_not_found',
  'connections.alias_not_descendant',
] as const

export const createCalendarProvider = endpoint({
  method: 'POST',
  path: '/api/providers/calendar-providers',
  summary: 'Create a calendar provider',
  access: syncAdmins,
  body: z.strictObject(calendarProviderFields).partial().required({ name: true }),
  answer: calendarProvider,
  status: 201,
  errors: refusals,
})

export const updateCalendarProvider = endpoint({
  method: 'PATCH',
  path: '/api/providers/calendar-providers/{id}',
  summary: 'Change a calendar provider; its rooms follow',
  access: syncAdmins,
  params: byId,
  body: z
    .strictObject({ ...calendarProviderFields, version })
    .partial()
    .required({ version: true }),
  answer: calendarProvider,
  errors: [
    'providers.provider_not_found',
    'providers.changed_by_someone_else',
    'http.recent_sign_in_required',
    ...refusals,
  ],
})

export const deleteCalendarProvider = endpoint({
  method: 'DELETE',
  path: '/api/providers/calendar-providers/{id}',
  summary: 'Delete a calendar provider that nothing names',
  access: syncAdmins,
  params: byId,
  answer: done,
  errors: ['providers.provider_not_found', 'providers.provider_in_use', 'providers.provider_has_history'],
})

export const probeCalendarProvider = endpoint({
  method: 'POST',
  path: '/api/providers/calendar-providers/{id}/probe',
  summary: 'Test now, by live calls, what the provider can do with one of its rooms',
  access: readers,
  params: byId,
  answer: z.object({ room: reference.nullable(), found: probeAnswer.nullable(), say: z.string() }),
  errors: ['providers.provider_not_found'],
})
