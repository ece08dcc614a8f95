import { z } from 'zod'
import { Refusal } from '#kit/refusal.ts'
import type { Seams } from '#kit/seams.ts'
import type { Secret } from '#kit/secret.ts'
import { applicationProbeUrl, meUrl, providerName } from './entra.ts'
import { isOwnApi } from './entra-provider.ts'
import type { GrantSetup } from './grant-setup.ts'
import { callOut } from './outbound.ts'
import { providerOf } from './provider.ts'

/** What a live call with a token showed. `addresses` are what the directory itself says about the account; only delegated tokens have any. */
export type Probe = { ok: boolean; say: string; objectId: string | null; addresses: string[]; name?: string }

const probeTimeoutMs = 10_000

const me = z.object({
  id: z.string(),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  mail: z.string().nullish(),
})

type Probed = Pick<GrantSetup, 'app' | 'apiUrl' | 'profile'>

/** Proves a new token by the live call that fits its grant, or not at all where no such call is known. */
export async function probeToken(seams: Seams, setup: Probed, accessToken: Secret): Promise<Probe | null> {
  return hasProbe(setup) ? probeNow(seams, setup, accessToken) : null
}

/** Is a call known that proves such a token? */
export function hasProbe({ app, apiUrl }: Probed): boolean {
  return providerOf(app).hasProbe && isOwnApi(apiUrl)
}

/** Proves a token of which `hasProbe` says that it can be proven. */
export async function probeNow(seams: Seams, { apiUrl, profile }: Probed, accessToken: Secret): Promise<Probe> {
  const ask = profile.grantType === 'client_credentials' ? probeApplication : probeDelegated
  return ask(seams, apiUrl, accessToken)
}

/** Asks who a delegated token belongs to. It never throws for what the other side did: a failed probe is a result. */
async function probeDelegated(seams: Seams, apiUrl: string, accessToken: Secret): Promise<Probe> {
  const answer = await ask(seams, meUrl(apiUrl), accessToken)
  if ('failed' in answer) return failed(answer.failed)
  if (answer.status !== 200) return failed(`The live call was answered with ${answer.status}.`)
  const account = me.safeParse(answer.body)
  if (!account.success) return failed('The live call was answered with something that is not an account.')
  const { id, userPrincipalName, mail, displayName } = account.data
  const addresses = [userPrincipalName, mail].filter(
    (address) => typeof address === 'string' && address !== '',
  ) as string[]
  const say = `A live call as ${displayName ?? addresses[0] ?? id} succeeded.`
  return { ok: true, say, objectId: id.toLowerCase(), addresses, name: displayName ?? addresses[0] ?? id }
}

/** An application token has no account. Being refused for want of a permission proves it as well: who is refused was recognised. */
async function probeApplication(seams: Seams, apiUrl: string, accessToken: Secret): Promise<Probe> {
  const answer = await ask(seams, applicationProbeUrl(apiUrl), accessToken)
  if ('failed' in answer) return failed(answer.failed)
  if (answer.status === 200)
    return { ok: true, say: 'A live call as the application succeeded.', objectId: null, addresses: [] }
  if (answer.status === 403) {
    const say = `${providerName} accepted the application’s token. It may not list rooms yet.`
    return { ok: true, say, objectId: null, addresses: [] }
  }
  return failed(`The live call was answered with ${answer.status}.`)
}

async function ask(
  seams: Seams,
  url: string,
  accessToken: Secret,
): Promise<{ status: number; body: unknown } | { failed: string }> {
  try {
    const headers = { Authorization: `Bearer ${accessToken.open('call')}`, Accept: 'application/json' }
    const response = await callOut(seams, url, {
      init: { headers },
      limits: { timeoutMs: probeTimeoutMs, bodyBytesMax: 65_536 },
    })
    return { status: response.status, body: await response.json().catch(() => null) }
  } catch (problem) {
    if (problem instanceof Refusal) return { failed: problem.message }
    throw problem
  }
}

function failed(why: string): Probe {
  return { ok: false, say: `${why} The token was issued, but it is not proven yet.`, objectId: null, addresses: [] }
}
