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
  version,
  watchFacts,
} from './contract.ts'

/** The reservable sync configuration of a room: it is kept in step, by which provider. */
export const syncConfiguration = z.object({
  id,
  room: reference.extend({ mailbox: z.string(), active: z.boolean(), building: reference }),
  provider: reference.extend({ active: z.boolean(), mode: syncMode }),
  active: z.boolean(),
  keptInStep: z.boolean().describe('It and its provider are active'),
  noRequest: z.boolean().describe('Changes are made and shown, and nothing is sent'),
  watch: watchFacts.nullable().describe('Null while nobody watches it'),
  ...stamp,
})
export type SyncConfiguration = z.infer<typeof syncConfiguration>

const email = z
  .email('Enter the e-mail address of the room’s mailbox.')
  .max(320)
  .nullable()
  .describe('If given, it must be that of the room’s mailbox; capitals do not matter')

export const listSyncConfigurations = endpoint({
  method: 'GET',
  path: '/api/providers/sync-configurations',
  summary: 'Rooms that are, or are to be, kept in step',
  access: readers,
  query: listQuery.extend({
    providerId: id.optional(),
    buildingId: id.optional(),
    active: z.stringbool().optional(),
    noRequest: z.stringbool().optional(),
  }),
  answer: pageOf(syncConfiguration),
})

export const readSyncConfiguration = endpoint({
  method: 'GET',
  path: '/api/providers/sync-configurations/{id}',
  summary: 'One room’s sync configuration, and what can be done with its calendar',
  access: readers,
  params: byId,
  answer: syncConfiguration,
  errors: ['providers.configuration_not_found'],
})

export const createSyncConfiguration = endpoint({
  method: 'POST',
  path: '/api/providers/sync-configurations',
  summary: 'Create a room’s sync configuration; it begins inactive',
  access: syncAdmins,
  body: z.strictObject({ roomId: id, providerId: id, email: email.optional(), noRequest: z.boolean().optional() }),
  answer: syncConfiguration,
  status: 201,
  errors: [
    'providers.room_not_found',
    'providers.provider_not_found',
    'providers.configuration_exists',
    'providers.email_differs',
  ],
})

export const updateSyncConfiguration = endpoint({
  method: 'PATCH',
  path: '/api/providers/sync-configurations/{id}',
  summary: 'Change a sync configuration; only another provider has the room read anew',
  access: syncAdmins,
  params: byId,
  body: z
    .strictObject({ providerId: id, email, noRequest: z.boolean(), version })
    .partial()
    .required({ version: true }),
  answer: syncConfiguration,
  errors: [
    'providers.configuration_not_found',
    'providers.provider_not_found',
    'providers.email_differs',
    'providers.changed_by_someone_else',
  ],
})

export const deleteSyncConfiguration = endpoint({
  method: 'DELETE',
  path: '/api/providers/sync-configurations/{id}',
  summary: 'Delete a sync configuration; the room is no longer kept in step, its meetings stay',
  access: syncAdmins,
  params: byId,
  answer: done,
  errors: ['providers.configuration_not_found'],
})

/** What became of one of many. */
export const rowOutcome = z.object({
  id,
  name: z.string(),
  ok: z.boolean(),
  code: z.string(),
  say: z.string(),
})
export type RowOutcome = z.infer<typeof rowOutcome>

const many = z.strictObject({ ids: z.array(id).min(1, 'Choose at least one.').max(100) })
const outcomes = z.object({ outcomes: z.array(rowOutcome).describe('One for each id, in the same order') })

export const activateSyncConfigurations = endpoint({
  method: 'POST',
  path: '/api/providers/sync-configurations/activate',
  summary: 'Activate one or many; each has its own outcome',
  access: syncAdmins,
  body: many,
  answer: outcomes,
})

export const deactivateSyncConfigurations = endpoint({
  method: 'POST',
  path: '/api/providers/sync-configurations/deactivate',
  summary: 'Deactivate one or many; each has its own outcome',
  access: syncAdmins,
  body: many,
  answer: outcomes,
})

export const createForBuilding = endpoint({
  method: 'POST',
  path: '/api/providers/sync-configurations/for-building',
  summary: 'Create configurations for all rooms of a building that have none',
  access: syncAdmins,
  body: z.strictObject({ buildingId: id, providerId: id, noRequest: z.boolean().optional() }),
  answer: outcomes,
  errors: ['providers.provider_not_found', 'providers.building_not_found'],
})

export const probeSyncConfiguration = endpoint({
  method: 'POST',
  path: '/api/providers/sync-configurations/{id}/probe',
  summary: 'Test now, by live calls, what can be done with this room’s calendar',
  access: readers,
  params: byId,
  answer: probeAnswer,
  errors: ['providers.configuration_not_found'],
})
