import { type AccountInfo, ConfidentialClientApplication, type ICachePlugin } from '@azure/msal-node'

/**
 * Microsoft's own client for Node with the tokens of many people in its cache, in the two ways it can be used in a web service. No
 * network: it knows the metadata of login.microsoftonline.com, and every access token is still good.
 */

const clientId = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const tenantId = 'ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4'
const environment = 'login.microsoftonline.com'
const scopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared']
const auth = { clientId, clientSecret: 'not used', authority: `https://${environment}/${tenantId}` }

export type MsalPerson = { account: AccountInfo; blob: string }

/** What MSAL would have written for one person after a sign-in (its serialised cache format). */
export function msalPerson(objectId: string, accessToken: string): MsalPerson {
  const homeAccountId = `${objectId}.${tenantId}`
  const username = `${objectId}@contoso.example`
  const claims = {
    oid: objectId,
    tid: tenantId,
    preferred_username: username,
    name: username,
    sub: objectId,
    ver: '2.0',
  }
  const idToken = [{ alg: 'none', typ: 'JWT' }, claims].map((part) => base64url(JSON.stringify(part))).join('.')
  const common = { home_account_id: homeAccountId, environment, client_id: clientId, realm: tenantId }
  const nowSeconds = Math.floor(Date.now() / 1000)
  const target = scopes.join(' ')
  const cache = {
    Account: {
      [`${homeAccountId}-${environment}-${tenantId}`]: {
        home_account_id: homeAccountId,
        environment,
        realm: tenantId,
        local_account_id: objectId,
        username,
        authority_type: 'MSSTS',
        name: username,
        client_info: base64url(JSON.stringify({ uid: objectId, utid: tenantId })),
      },
    },
    IdToken: {
      [`${homeAccountId}-${environment}-idtoken-${clientId}-${tenantId}---`]: {
        ...common,
        credential_type: 'IdToken',
        secret: `${idToken}.signature`,
      },
    },
    AccessToken: {
      [`${homeAccountId}-${environment}-accesstoken-${clientId}-${tenantId}-${target.toLowerCase()}--`]: {
        ...common,
        credential_type: 'AccessToken',
        secret: accessToken,
        target,
        cached_at: String(nowSeconds),
        expires_on: String(nowSeconds + 36_000),
        extended_expires_on: String(nowSeconds + 36_000),
        token_type: 'Bearer',
      },
    },
    RefreshToken: {
      [`${homeAccountId}-${environment}-refreshtoken-${clientId}----`]: {
        home_account_id: homeAccountId,
        environment,
        client_id: clientId,
        credential_type: 'RefreshToken',
        secret: 'a refresh token of some length '.repeat(30),
      },
    },
    AppMetadata: {},
  }
  const account = { homeAccountId, environment, tenantId, username, localAccountId: objectId }
  return { account, blob: JSON.stringify(cache) }
}

/** One cache for everybody, as the client has it by itself. */
export function sharedCache(people: readonly MsalPerson[]): (person: MsalPerson) => Promise<string> {
  const client = new ConfidentialClientApplication({ auth })
  client.getTokenCache().deserialize(JSON.stringify(merged(people)))
  return async ({ account }) => tokenOf(await client.acquireTokenSilent({ account, scopes }))
}

/** Microsoft's advice for web services: each person's cache is a text of its own in a store, here the fastest there is, a Map. */
export function cachePerPerson(people: readonly MsalPerson[]): (person: MsalPerson) => Promise<string> {
  const store = new Map(people.map(({ account, blob }) => [account.homeAccountId, blob]))
  return async ({ account }) => {
    const client = new ConfidentialClientApplication({
      auth,
      cache: { cachePlugin: partition(store, account.homeAccountId) },
    })
    return tokenOf(await client.acquireTokenSilent({ account, scopes }))
  }
}

/** The same with one client for all, whose plug-in is told whose turn it is: only right while nobody else calls. */
export function cachePerPersonOneClient(people: readonly MsalPerson[]): (person: MsalPerson) => Promise<string> {
  const store = new Map(people.map(({ account, blob }) => [account.homeAccountId, blob]))
  let turn = ''
  const cachePlugin: ICachePlugin = {
    beforeCacheAccess: async (context) => context.tokenCache.deserialize(store.get(turn) ?? '{}'),
    afterCacheAccess: async (context) => {
      if (context.cacheHasChanged) store.set(turn, context.tokenCache.serialize())
    },
  }
  const client = new ConfidentialClientApplication({ auth, cache: { cachePlugin } })
  return async ({ account }) => {
    turn = account.homeAccountId
    return tokenOf(await client.acquireTokenSilent({ account, scopes }))
  }
}

function partition(store: Map<string, string>, key: string): ICachePlugin {
  return {
    beforeCacheAccess: async (context) => context.tokenCache.deserialize(store.get(key) ?? '{}'),
    afterCacheAccess: async (context) => {
      if (context.cacheHasChanged) store.set(key, context.tokenCache.serialize())
    },
  }
}

function merged(people: readonly MsalPerson[]): Record<string, object> {
  const all: Record<string, Record<string, unknown>> = {}
  for (const { blob } of people) {
    for (const [kind, entries] of Object.entries(JSON.parse(blob) as Record<string, object>)) {
      all[kind] ??= {}
      Object.assign(all[kind], entries)
    }
  }
  return all
}

function tokenOf(result: { fromCache: boolean; accessToken: string } | null): string {
  if (result?.fromCache !== true)
    throw new Error('MSAL did not find the token in its cache: the comparison would be void.')
  return result.accessToken
}

const base64url = (text: string) => Buffer.from(text).toString('base64url')
