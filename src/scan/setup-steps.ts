import type { SetupStep } from './contract.ts'

/** What the records and the last live calls say about the founding page; read by `setup.ts`, judged here. */
export type SetupFacts = {
  pickedScopeKey: string | null
  app: { id: string; name: string; complete: boolean; missing: string[]; hasDefaultProfile: boolean } | null
  alias: { id: string; parentAliasId: string | null } | null
  connection: { id: string; name: string; active: boolean; url: string | null; credentialId: string | null } | null
  personal: CredentialFacts | null
  system: CredentialFacts[]
}

export type CredentialFacts = {
  id: string
  name: string
  integrationType: 'system' | 'personal'
  hasProfile: boolean
  expectedAccount: string | null
  token: {
    ready: boolean
    sentence: string
    account: string | null
    matchesExpected: boolean
    probeOk: boolean | null
    probeSay: string | null
  } | null
}

export type Judged = { ok: true; because: string } | { ok: false; because: string; refused?: boolean }
export type Draft = { key: string; title: string; link: string; action: string; judged: Judged }

export const expectedScopeKey = 'workplace_calendar_sync'
export const expectedParent = 'exchange_online.Microsoft_Exchange_Online'
export const expectedUrl = 'https://graph.microsoft.com'

/**
 * Pure. The steps of the founding page in its order. A step is done when the records say so, *next* when it is the first
 * that is not, *waiting* behind that one, and *refused* when something was tried and did not work.
 */
export function setupSteps(facts: SetupFacts): SetupStep[] {
  const drafts = [
    scopeStep(facts),
    appStep(facts),
    aliasStep(facts),
    connectionStep(facts),
    personalStep(facts),
    ...facts.system.map(tokenStep),
  ]
  const steps = withStates([...drafts, proofStep(facts, drafts)])
  return steps
}

/** The first open step is next, those behind it wait. */
export function withStates(drafts: Draft[]): SetupStep[] {
  const first = drafts.findIndex((draft) => !draft.judged.ok)
  return drafts.map(({ judged, ...draft }, index) => {
    const state = judged.ok ? 'done' : judged.refused ? 'refused' : index === first ? 'next' : 'waiting'
    return { ...draft, state, because: judged.because }
  })
}

function scopeStep({ pickedScopeKey }: SetupFacts): Draft {
  const ok = pickedScopeKey === expectedScopeKey
  return {
    key: 'scope',
    title: 'Application scope',
    link: '/console',
    action: 'Set the application scope picker to Workplace Calendar Synchronization.',
    judged: ok
      ? { ok, because: 'The picker shows Workplace Calendar Synchronization.' }
      : { ok, because: 'The picker shows another scope. New records would belong to that one.' },
  }
}

function appStep({ app }: SetupFacts): Draft {
  return {
    key: 'application-registry',
    title: 'Application registry: Microsoft Exchange Online_personalAuth',
    link: app ? `/console/oauth-apps/${app.id}` : '/console/oauth-apps',
    action:
      'Enter client id, client secret and your tenant’s addresses, and save. Saving generates the default OAuth entity profile.',
    judged: judgeApp(app),
  }
}

function judgeApp(app: SetupFacts['app']): Judged {
  if (app === null)
    return {
      ok: false,
      because: 'The record is missing. Create it in the Application Registry with exactly this name.',
    }
  if (!app.complete) return { ok: false, because: `Still to fill in: ${app.missing.join(', ')}.` }
  if (!app.hasDefaultProfile)
    return { ok: false, because: 'It has no default OAuth entity profile yet. Save the record once more.' }
  return { ok: true, because: 'Complete, with its default OAuth entity profile.' }
}

function aliasStep({ alias }: SetupFacts): Draft {
  const ok = alias?.parentAliasId === expectedParent
  return {
    key: 'alias',
    title: 'Alias: Microsoft_Exchange_Online_PersonalAuth',
    link: alias ? `/console/aliases/${alias.id}` : '/console/aliases',
    action: 'Open it under All > Connections & Credentials > Connection & Credential Aliases.',
    judged: ok
      ? { ok, because: 'It is a child of Microsoft_Exchange_Online.' }
      : { ok, because: alias ? 'It is not a child of Microsoft_Exchange_Online.' : 'The alias is missing.' },
  }
}

function connectionStep({ connection }: SetupFacts): Draft {
  return {
    key: 'connection',
    title: 'HTTP connection of the alias',
    link: connection ? `/console/connections/${connection.id}` : '/console/connections',
    action: `On its Connections tab open the HTTP connection, see that the Connection URL is ${expectedUrl}, and press Update.`,
    judged: judgeConnection(connection),
  }
}

function judgeConnection(connection: SetupFacts['connection']): Judged {
  if (connection === null) return { ok: false, because: 'The alias has no connection. Create one.' }
  if (!connection.active) return { ok: false, because: `${connection.name} is not active.` }
  if (connection.url !== expectedUrl)
    return { ok: false, because: `Its Connection URL is ${connection.url ?? 'empty'}, not ${expectedUrl}.` }
  return { ok: true, because: `${connection.name} is active and calls ${expectedUrl}.` }
}

function personalStep({ personal }: SetupFacts): Draft {
  return {
    key: 'personal-credential',
    title: 'OAuth 2.0 credential of the connection',
    link: personal ? `/console/credentials/${personal.id}` : '/console/credentials',
    action:
      'Open it from the tab’s credential column and choose the OAuth Entity Profile that saving the application registry generated.',
    judged: judgePersonal(personal),
  }
}

function judgePersonal(personal: CredentialFacts | null): Judged {
  if (personal === null) return { ok: false, because: 'The connection has no credential.' }
  if (personal.integrationType !== 'personal')
    return { ok: false, because: `${personal.name} is a System credential. Set its Integration type to Personal.` }
  if (!personal.hasProfile) return { ok: false, because: `${personal.name} has no OAuth Entity Profile.` }
  return {
    ok: true,
    because: `${personal.name} is Personal and has its profile. Each person authorises for themselves.`,
  }
}

function tokenStep(credential: CredentialFacts): Draft {
  return {
    key: `token-${credential.name.toLowerCase().replaceAll(' ', '-')}`,
    title: `Token of ${credential.name}`,
    link: `/console/credentials/${credential.id}`,
    action: `Set the OAuth Entity Profile, press Get OAuth Token, and sign in as the delegated user${credential.expectedAccount ? ` ${credential.expectedAccount}` : ''}.`,
    judged: judgeToken(credential),
  }
}

function judgeToken({ name, hasProfile, expectedAccount, token }: CredentialFacts): Judged {
  if (!hasProfile) return { ok: false, because: `${name} has no OAuth Entity Profile.` }
  if (expectedAccount === null)
    return {
      ok: false,
      because: `${name} does not say who its delegated user is. Enter the e-mail address on its form.`,
    }
  if (token === null) return { ok: false, because: 'No token yet.' }
  if (!token.ready) return { ok: false, refused: true, because: token.sentence }
  if (!token.matchesExpected)
    return {
      ok: false,
      refused: true,
      because: `The token belongs to ${token.account ?? 'another account'}, not to ${expectedAccount}.`,
    }
  if (token.probeOk === false)
    return { ok: false, refused: true, because: token.probeSay ?? 'The live call with this token failed.' }
  return { ok: true, because: `${token.sentence} Account: ${token.account ?? expectedAccount}.` }
}

function proofStep({ system }: SetupFacts, before: Draft[]): Draft {
  const open = before.filter((draft) => !draft.judged.ok)
  const proven = system.length > 0 && system.every((credential) => credential.token?.probeOk === true)
  return {
    key: 'proof',
    title: 'The connection and credential alias is set',
    link: '/console/credentials',
    action: 'Press Test now on Ms Graph 1 and Ms Graph 2: a live call proves each.',
    judged: judgeProof(open.length, proven),
  }
}

function judgeProof(openCount: number, proven: boolean): Judged {
  if (openCount > 0)
    return { ok: false, because: `${openCount} ${openCount === 1 ? 'step is' : 'steps are'} still open above.` }
  if (!proven) return { ok: false, because: 'No live call has proven the tokens yet.' }
  return { ok: true, because: 'A live call with each token succeeded.' }
}
