import type { ConnectionsDeps } from './deps.ts'
import { readDiscovery } from './discover.ts'
import { hostProblem, openIdProvider } from './open-id-provider.ts'

export type IssuerAddresses = {
  issuer: string
  authorizationUrl: string
  tokenUrl: string
  tokenRevocationUrl?: string
}

/** What is wrong, by the name of its field. */
type Wrong = { wrong: Record<string, string> }

/**
 * The addresses of a provider: those that it publishes at its issuer, or the token URL that was typed where it publishes none.
 * @throws `connections.provider_trouble`
 */
export async function readIssuerAddresses(
  { seams, allowedHosts = [] }: Pick<ConnectionsDeps, 'seams' | 'allowedHosts'>,
  { issuer, tokenUrl }: { issuer: string; tokenUrl: string },
): Promise<IssuerAddresses | Wrong> {
  const wrong = issuer === '' ? null : hostProblem(issuer, allowedHosts)
  if (wrong !== null) return { wrong: { issuer: `The Issuer ${wrong}.` } }
  const document = issuer === '' ? null : await readDiscovery(seams, discoveryUrlOf(issuer))
  if (document === null && tokenUrl === '')
    return { wrong: { [issuer === '' ? 'tokenUrl' : 'issuer']: sayNothing(issuer) } }
  if (document === null) return { issuer: '', authorizationUrl: '', tokenUrl }
  if (document.issuer !== issuer.replace(/\/$/, '') && document.issuer !== issuer)
    return { wrong: { issuer: `The provider calls itself ${document.issuer}. Enter it exactly so.` } }
  return {
    issuer: document.issuer,
    authorizationUrl: document.authorization_endpoint ?? '',
    tokenUrl: document.token_endpoint,
    ...(document.revocation_endpoint === undefined ? {} : { tokenRevocationUrl: document.revocation_endpoint }),
  }
}

function discoveryUrlOf(issuer: string): string {
  const app = { issuer, authorization_url: '', token_url: '' }
  return openIdProvider(app).discoveryUrl(app)
}

function sayNothing(issuer: string): string {
  return issuer === ''
    ? 'Enter the Issuer, or the Token URL where the provider publishes no addresses.'
    : 'Nothing is published there. Compare the Issuer with what the provider says, or enter the Token URL.'
}
