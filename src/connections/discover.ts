import { z } from 'zod'
import type { Seams } from '#kit/seams.ts'
import { refused } from './errors.ts'
import { tokenCallTimeoutMs } from './oauth-client.ts'
import { callOut } from './outbound.ts'
import { type DiscoveryDocument, type Provider, type ProviderAddresses, providerOf } from './provider.ts'

/** What is known of a provider before anybody signs in. `tenantId`: the directory whose accounts it vouches for. */
export type Discovered = { provider: Provider; issuer: string; tenantId: string; jwksUri: string }

const documentBytesMax = 256 * 1024

const discoveryDocument = z.object({
  issuer: z.string(),
  jwks_uri: z.url(),
  token_endpoint: z.url(),
  authorization_endpoint: z.url().optional(),
  revocation_endpoint: z.url().optional(),
})

/**
 * Discovers the issuer behind an OAuth app's addresses (OpenID Connect Discovery 1.0). What the document says is compared with what the
 * record says, and never takes its place.
 * @throws `connections.oauth_app_incomplete` when there is no such tenant or issuer, `connections.provider_trouble`
 */
export async function discover(seams: Seams, app: ProviderAddresses): Promise<Discovered> {
  const provider = providerOf(app)
  const url = provider.discoveryUrl(app)
  const document = await readDiscovery(seams, url)
  if (document === null)
    throw refused('connections.oauth_app_incomplete', { say: sayNoTenant(app), fields: fieldOf(app) })
  const tenantId = provider.directoryOf(document, app)
  if (tenantId === null) {
    const say = `The discovery document at ${url} names another issuer or other hosts than the OAuth app does.`
    throw refused('connections.provider_trouble', { say })
  }
  return { provider, issuer: document.issuer, tenantId, jwksUri: document.jwks_uri }
}

/** The document as it is, for a form that fills in addresses from it; null when there is none at this address. @throws `connections.provider_trouble` */
export async function readDiscovery(seams: Seams, url: string): Promise<DiscoveryDocument | null> {
  const limits = { timeoutMs: tokenCallTimeoutMs, bodyBytesMax: documentBytesMax }
  const response = await callOut(seams, url, { init: {}, limits })
  if (response.status === 400 || response.status === 404) return null
  const document = discoveryDocument.safeParse(await response.json().catch(() => null))
  if (response.status !== 200 || !document.success) throw refused('connections.provider_trouble')
  return document.data
}

function sayNoTenant({ issuer }: ProviderAddresses): string {
  return issuer === ''
    ? 'The tenant in the Token URL does not exist. Compare it with your Directory (tenant) ID.'
    : `Nothing is published at ${issuer}/.well-known/openid-configuration. Compare the Issuer with what the provider says.`
}

function fieldOf(app: ProviderAddresses): Record<string, string> {
  return { [app.issuer === '' ? 'tokenUrl' : 'issuer']: sayNoTenant(app) }
}
