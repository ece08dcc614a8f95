import type { Context } from 'hono'
import type { TenantEnv } from '../http.ts'
import type { Tenant } from '../tenant.ts'
import { authorityProblem, isSharedAuthority } from './authority.ts'
import { answerProblem } from './problem.ts'

export const loginHost = 'https://login.microsoftonline.com'
const graphHost = 'https://graph.microsoft.com'

/** OpenID Connect discovery. The issuer is always Microsoft's; the endpoints are too unless the switch `endpointsOn` says `self`. */
export function answerDiscovery(c: Context<TenantEnv>, tenant: Tenant): Response {
  const authority = c.req.param('tenant') ?? ''
  const strange = authorityProblem(tenant, authority)
  if (strange !== null) return answerProblem(c, tenant, strange)
  const self = tenant.switches.endpointsOn === 'self' ? new URL(c.req.url).origin : null
  const login = `${self ?? loginHost}/${authority}`
  // The shared authorities cannot know whose issuer it will be: Microsoft writes a placeholder there.
  const issuerTenant = isSharedAuthority(authority) ? '{tenantid}' : tenant.directory.tenantId
  return c.json({
    token_endpoint: `${login}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${login}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${loginHost}/${issuerTenant}/v2.0`,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${self ?? graphHost}/oidc/userinfo`,
    authorization_endpoint: `${login}/oauth2/v2.0/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: false,
    end_session_endpoint: `${login}/oauth2/v2.0/logout`,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'oid',
      'email',
      'ver',
    ],
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
  })
}

/** The public half of the signing key. */
export function answerKeys(c: Context<TenantEnv>, tenant: Tenant): Response {
  const { kty, n, e, kid } = tenant.signingKey
  return c.json({ keys: [{ kty, use: 'sig', alg: 'RS256', kid, x5t: kid, n, e }] })
}

/** What MSAL asks before it trusts an authority's host name. */
export function answerInstanceDiscovery(c: Context<TenantEnv>, tenant: Tenant): Response {
  const { host, origin } = new URL(c.req.url)
  const self = tenant.switches.endpointsOn === 'self'
  const preferred = self ? host : 'login.microsoftonline.com'
  const aliases = self
    ? [host]
    : ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net']
  return c.json({
    tenant_discovery_endpoint: `${self ? origin : loginHost}/${tenant.directory.tenantId}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: preferred, preferred_cache: preferred, aliases }],
  })
}
