import { describe, expect, test } from 'vitest'
import { scan } from './checks.ts'
import type { ScanFacts, ScannedProvider } from './scan-facts.ts'
import { syncSteps } from './sync-steps.ts'

const provider: ScannedProvider = {
  id: '0197a000-0000-7000-8000-000000000001',
  name: 'Microsoft Exchange Online',
  description: '',
  active: true,
  processor: 'microsoft_graph',
  mode: 'personal',
  ownMode: null,
  alias: { id: '0197a000-0000-7000-8000-000000000002', aliasId: 'exchange_online.Microsoft_Exchange_Online' },
  overrideAlias: null,
  delegatedUserEmail: 'rooms@contoso.example',
  syncStartsOn: null,
  syncEndsOn: null,
  roomCount: 2,
  activeRoomCount: 2,
  acting: { ok: true, identity: 'rooms@contoso.example', code: 'ready', say: 'It acts.', credentialId: 'c' },
  watching: { watching: 2, waiting: 0, held: 0 },
  version: 1,
  updatedAt: '2027-01-01T00:00:00.000Z',
  updatedBy: 'Ada',
}
const right: ScanFacts = {
  providers: [provider],
  connections: [
    { id: 'ms-graph-1', name: 'Ms Graph 1', active: true, url: 'https://graph.microsoft.com', aliasId: 'a' },
  ],
  rooms: { inUse: 2, active: 2 },
  noRequestCount: 0,
  personalRefusal: null,
  today: '2027-01-01',
}
const providers = (more: Partial<ScannedProvider>): Partial<ScanFacts> => ({ providers: [{ ...provider, ...more }] })
const at = new Date('2027-01-01T00:00:00Z')

test('a right set-up has no findings, and says what was checked', () => {
  const report = scan(right, at)
  expect(report.findings).toEqual([])
  expect(report.checks.length).toBeGreaterThan(10)
  expect(report.checks.every(({ findingCount }) => findingCount === 0)).toBe(true)
})

describe('each mistake has its finding', () => {
  test.each<[string, Partial<ScanFacts>, 'refused' | 'attention', RegExp, string]>([
    ['no-active-provider', { providers: [] }, 'refused', /no calendar provider/, '/console/calendar-providers/new'],
    ['no-active-provider', providers({ active: false, activeRoomCount: 0 }), 'refused', /inactive/, provider.id],
    [
      'default-alias-missing',
      providers({ alias: { id: null, aliasId: 'exchange_online.Gone' } }),
      'refused',
      /exchange_online.Gone, which is missing/,
      provider.id,
    ],
    [
      'override-alias-stranger',
      providers({ overrideAlias: { aliasId: 'mine', descends: false } }),
      'refused',
      /mine is no longer below/,
      provider.id,
    ],
    [
      'connection-url',
      { connections: [{ id: 'c', name: 'C', active: true, url: 'https://graph.microsoft.us', aliasId: 'a' }] },
      'refused',
      /calls https:\/\/graph\.microsoft\.us instead/,
      '/console/connections/c',
    ],
    [
      'provider-cannot-act',
      providers({ acting: { ok: false, identity: null, code: 'token_missing', say: 'No token.', credentialId: 'c1' } }),
      'refused',
      /No token/,
      '/console/credentials/c1',
    ],
    ['personal-permission', { personalRefusal: 'no profile.' }, 'refused', /own calendar: no profile/, '/console'],
    ['synchronization-ended', providers({ syncEndsOn: '2027-01-01' }), 'refused', /ended on 2027-01-01/, provider.id],
    [
      'room-not-watched',
      providers({ watching: { watching: 0, waiting: 2, held: 0 } }),
      'attention',
      /2 of its rooms wait/,
      `providerId=${provider.id}`,
    ],
    [
      'room-not-watched',
      providers({ watching: { watching: 1, waiting: 0, held: 1 } }),
      'refused',
      /held/,
      'providerId',
    ],
    ['room-not-configured', { rooms: { inUse: 3, active: 2 } }, 'attention', /One room .* is not kept/, 'sync-config'],
    ['no-request', { noRequestCount: 1 }, 'attention', /nothing is sent/, 'noRequest=true'],
  ])('%s', (check, change, meaning, say, link) => {
    const found = scan({ ...right, ...change }, at).findings.filter((finding) => finding.check === check)
    expect(found).toMatchObject([{ meaning, say: expect.stringMatching(say), link: expect.stringContaining(link) }])
  })

  test('an inactive provider with active rooms', () => {
    const { findings } = scan({ ...right, ...providers({ active: false }) }, at)
    expect(findings.map(({ check }) => check)).toEqual(['no-active-provider', 'room-provider-inactive'])
  })

  test('people’s own permission matters only where personal mode asks for it', () => {
    const strict = { ...right, ...providers({ mode: 'strict' }), personalRefusal: 'no profile.' }
    expect(scan(strict, at).findings).toEqual([])
  })
})

test('after the founding page: a provider, rooms, configurations, one after the other', () => {
  const states = (facts: ScanFacts) => syncSteps(facts).map(({ key, state }) => `${key} ${state}`)
  const empty = { ...right, providers: [], rooms: { inUse: 0, active: 0 } }
  expect(states(empty)).toEqual(['calendar-provider next', 'rooms waiting', 'sync-configurations waiting'])
  expect(states({ ...right, rooms: { inUse: 2, active: 0 } })).toEqual([
    'calendar-provider done',
    'rooms done',
    'sync-configurations next',
  ])
  const stuck = { ...right, ...providers({ acting: { ...provider.acting, ok: false, say: 'No token.' } }) }
  expect(syncSteps(stuck)[0]).toMatchObject({ state: 'refused', because: 'No token.' })
})
