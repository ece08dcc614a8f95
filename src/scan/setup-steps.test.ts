import { expect, test } from 'vitest'
import { type CredentialFacts, type SetupFacts, setupSteps } from './setup-steps.ts'

const token = {
  ready: true,
  sentence: 'Works until 14 Feb 2027.',
  account: 'rooms@contoso.example',
  matchesExpected: true,
  probeOk: true,
  probeSay: null,
}
const system = (name: string, more: Partial<CredentialFacts> = {}): CredentialFacts => ({
  id: name,
  name,
  integrationType: 'system',
  hasProfile: true,
  expectedAccount: 'rooms@contoso.example',
  token,
  ...more,
})
const finished: SetupFacts = {
  pickedScopeKey: 'workplace_calendar_sync',
  app: {
    id: 'app',
    name: 'Microsoft Exchange Online_personalAuth',
    complete: true,
    missing: [],
    hasDefaultProfile: true,
  },
  alias: { id: 'alias', parentAliasId: 'exchange_online.Microsoft_Exchange_Online' },
  connection: {
    id: 'connection',
    name: 'Ms Graph Personal',
    active: true,
    url: 'https://graph.microsoft.com',
    credentialId: 'personal',
  },
  personal: { ...system('Ms Graph Personal'), integrationType: 'personal', token: null },
  system: [system('Ms Graph 1'), system('Ms Graph 2')],
}
const statesOf = (facts: SetupFacts) => Object.fromEntries(setupSteps(facts).map((step) => [step.key, step.state]))

test('everything in place: every step is done, in the order of the founding page', () => {
  expect(setupSteps(finished).map((step) => `${step.key} ${step.state}`)).toEqual([
    'scope done',
    'application-registry done',
    'alias done',
    'connection done',
    'personal-credential done',
    'token-ms-graph-1 done',
    'token-ms-graph-2 done',
    'proof done',
  ])
})

test('the first open step is next and those behind it wait', () => {
  const states = statesOf({
    ...finished,
    system: [system('Ms Graph 1', { token: null }), system('Ms Graph 2', { token: null })],
  })
  expect(states).toMatchObject({
    'personal-credential': 'done',
    'token-ms-graph-1': 'next',
    'token-ms-graph-2': 'waiting',
    proof: 'waiting',
  })
})

test.each<[string, Partial<SetupFacts>, string, string, RegExp]>([
  ['another scope is picked', { pickedScopeKey: 'global' }, 'scope', 'next', /another scope/],
  [
    'the app misses its secret',
    { app: { id: 'a', name: 'a', complete: false, missing: ['Client Secret'], hasDefaultProfile: false } },
    'application-registry',
    'next',
    /Client Secret/,
  ],
  ['the alias is an orphan', { alias: { id: 'a', parentAliasId: null } }, 'alias', 'next', /not a child/],
  [
    'the connection calls elsewhere',
    { connection: { id: 'c', name: 'C', active: true, url: 'https://graph.microsoft.us', credentialId: null } },
    'connection',
    'next',
    /graph.microsoft.us/,
  ],
  [
    'the token is of someone else',
    { system: [system('Ms Graph 1', { token: { ...token, matchesExpected: false, account: 'ada@contoso.example' } })] },
    'token-ms-graph-1',
    'refused',
    /ada@contoso.example, not to rooms@contoso.example/,
  ],
  [
    'the live call failed',
    { system: [system('Ms Graph 1', { token: { ...token, probeOk: false, probeSay: 'Microsoft said no.' } })] },
    'token-ms-graph-1',
    'refused',
    /Microsoft said no/,
  ],
])('%s: the step says so', (_, change, key, state, because) => {
  const step = setupSteps({ ...finished, ...change }).find((candidate) => candidate.key === key)
  expect(step?.state).toBe(state)
  expect(step?.because).toMatch(because)
})

test('a ready token that no live call has proven leaves the last step open', () => {
  const unproven = system('Ms Graph 1', { token: { ...token, probeOk: null } })
  expect(statesOf({ ...finished, system: [unproven] })).toMatchObject({ 'token-ms-graph-1': 'done', proof: 'next' })
})
