import type { SetupStep } from './contract.ts'
import type { ScanFacts } from './scan-facts.ts'
import { type Draft, type Judged, withStates } from './setup-steps.ts'

/** Pure. What comes after the founding page: a provider that somebody can act through, rooms, and their configurations. */
export function syncSteps(facts: ScanFacts): SetupStep[] {
  return withStates([providerStep(facts), roomsStep(facts), configurationStep(facts)])
}

function providerStep({ providers }: ScanFacts): Draft {
  const provider = providers.find(({ active }) => active) ?? providers[0]
  return {
    key: 'calendar-provider',
    title: provider === undefined ? 'Calendar provider' : `Calendar provider: ${provider.name}`,
    link: `/console/calendar-providers/${provider?.id ?? 'new'}`,
    action:
      provider === undefined
        ? 'Create a calendar provider with the e-mail address of the delegated user.'
        : 'Do what it says, or open the provider and change it.',
    judged: judgeProvider(provider),
  }
}

function judgeProvider(provider: ScanFacts['providers'][number] | undefined): Judged {
  if (provider === undefined) return { ok: false, because: 'There is none yet.' }
  if (!provider.active) return { ok: false, because: `${provider.name} is not active.` }
  const { ok, say } = provider.acting
  return ok ? { ok, because: say } : { ok, because: say, refused: true }
}

function roomsStep({ rooms }: ScanFacts): Draft {
  const ok = rooms.inUse > 0
  return {
    key: 'rooms',
    title: 'Rooms',
    link: ok ? '/console/rooms' : '/console/rooms/new',
    action: 'Add the building, then each room with its mailbox.',
    judged: { ok, because: ok ? `${rooms.inUse} in use.` : 'There is none yet.' },
  }
}

function configurationStep({ rooms }: ScanFacts): Draft {
  const ok = rooms.active > 0
  return {
    key: 'sync-configurations',
    title: 'Reservable sync configurations',
    link: '/console/sync-configurations',
    action: 'Create them for the rooms of a building, and activate them.',
    judged: ok
      ? { ok, because: `${rooms.active} of ${rooms.inUse} rooms in use are kept in step.` }
      : { ok, because: 'No room is kept in step yet.' },
  }
}
