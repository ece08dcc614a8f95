import * as oauth from 'oauth4webapi'
import type { Seams } from '#kit/seams.ts'
import { signAssertion } from './assertion.ts'
import { type ClientProof, type OAuthClient, tokenCallTimeoutMs } from './oauth-client.ts'
import { refusesClient } from './token-refusal.ts'

/** One try: how the client proves itself this time, and what is left of the time. */
export type Try = { authentication: oauth.ClientAuth; timeoutMs: number }

/**
 * Asks with each proof in turn, and goes on to the next only when the client itself was refused (`invalid_client`): then nothing was spent,
 * neither code nor refresh token. All tries share one deadline, so that they end before whoever waits for them gives up.
 *
 * @throws what `ask` throws; if all were refused, what the first was refused with, because that is the one that used to work
 */
export async function withEachProof<T>(seams: Seams, client: OAuthClient, ask: (one: Try) => Promise<T>): Promise<T> {
  return inTurn(seams, client, {
    from: client.proofs,
    goesOn: refusesClient,
    note: client.note,
    ask: async (proof, timeoutMs) => ask({ authentication: await authenticationOf(seams, client, proof), timeoutMs }),
  })
}

type Turns<P, T> = {
  from: readonly P[]
  goesOn: (problem: unknown) => boolean
  note?: ((one: P, ended: 'worked' | 'refused') => Promise<void>) | undefined
  ask: (one: P, timeoutMs: number) => Promise<T>
}

/** The first that is accepted. */
export async function inTurn<P, T>(
  { now }: Pick<Seams, 'now'>,
  { timeoutMs = tokenCallTimeoutMs }: Pick<OAuthClient, 'timeoutMs'>,
  { from, goesOn, note, ask }: Turns<P, T>,
): Promise<T> {
  const endsAtMs = now().getTime() + timeoutMs
  const problems: unknown[] = []
  for (const one of from) {
    const leftMs = endsAtMs - now().getTime()
    if (leftMs <= 0) break
    try {
      const answer = await ask(one, leftMs)
      await note?.(one, 'worked')
      return answer
    } catch (problem) {
      if (!goesOn(problem)) throw problem
      await note?.(one, 'refused')
      problems.push(problem)
    }
  }
  throw problems[0] ?? new Error('there was nothing to ask with')
}

async function authenticationOf(seams: Seams, client: OAuthClient, proof: ClientProof): Promise<oauth.ClientAuth> {
  if (proof.is === 'nothing') return oauth.None()
  if (proof.is === 'certificate') return withAssertion(seams, client, proof)
  const secret = proof.secret.open('client_authentication')
  return client.authentication === 'client_secret_basic'
    ? oauth.ClientSecretBasic(secret)
    : oauth.ClientSecretPost(secret)
}

/** private_key_jwt (RFC 7523 section 2.2, OpenID Connect Core section 9). Made for each try: an assertion is used once. */
async function withAssertion(
  seams: Seams,
  { clientId, audience }: OAuthClient,
  { signer }: ClientProof & { is: 'certificate' },
): Promise<oauth.ClientAuth> {
  const claims = { issuer: clientId, subject: clientId, audience, algorithm: 'PS256' } as const
  const assertion = await signAssertion(seams, signer, claims)
  return (_server, _client, body) => {
    body.set('client_id', clientId)
    body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    body.set('client_assertion', assertion)
  }
}
