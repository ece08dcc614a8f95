import { createAlias } from '#connections/alias.contract.ts'
import { addClientSecret, generateKeyPair, uploadCertificate } from '#connections/client-proof.contract.ts'
import {
  createCredential,
  generateCredentialKeyPair,
  testCredential,
  updateCredential,
} from '#connections/credential.contract.ts'
import {
  createEntityProfile,
  createOAuthApp,
  listEntityProfiles,
  updateOAuthApp,
} from '#connections/oauth-app.contract.ts'
import type { IssuedCertificate } from './certificate-server.ts'
import type { Person } from './person.ts'

const authority = 'https://login.microsoftonline.com/ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4/oauth2/v2.0'
const app = {
  clientId: 'a9ad7f7d-4618-5e0b-8855-9589ea44b233',
  authorizationUrl: `${authority}/authorize`,
  tokenUrl: `${authority}/token`,
}
export const api = 'https://api.fabrikam.example'
export const lockedApi = 'https://tls.fabrikam.example'

const values = {
  'password of a Basic credential': 'canary-basic-password',
  'API key in a header': 'canary-api-key-of-a-header',
  'API key in the address': 'canary-api-key+in&the=address',
  'bearer token': 'canary-bearer-token.of.nobody',
  'stored password of a user': 'canary-password-of-a-user',
  'first client secret': 'canary-client-secret-first',
  'second client secret': 'canary-client-secret-second',
  'value that is refused': 'canary-value-that-is-refused',
}

/**
 * Every kind of secret that an administrator can enter, entered, used and refused.
 * @returns what must be found nowhere, and everything that was answered meanwhile
 */
export async function enterEverySecret(
  ada: Person,
  issue: (name: string) => Promise<IssuedCertificate>,
): Promise<{ secrets: Record<string, string>; answers: unknown[] }> {
  const shown = await issue('canary')
  const signing = await issue('canary for assertions')
  const answers = [
    ...(await enterValues(ada, shown)),
    ...(await enterClientSecrets(ada)),
    ...(await enterSigningKey(ada, signing)),
    await enterRefusedValue(ada),
  ]
  const secrets = {
    ...values,
    'Basic, as it travels': Buffer.from(`svc:${values['password of a Basic credential']}`).toString('base64'),
    ...linesOf('private key of a client certificate', shown.privateKey),
    ...linesOf('private key for assertions', signing.privateKey),
    'any private key': '-----BEGIN PRIVATE KEY-----',
  }
  return { secrets, answers }
}

/** Each type that is sent as it is: tested, called with, redirected and refused. */
async function enterValues(ada: Person, { certificate, privateKey }: IssuedCertificate): Promise<unknown[]> {
  const everyType = [
    { type: 'basic', username: 'svc', secret: values['password of a Basic credential'] },
    { type: 'api_key', keyName: 'X-Key', secret: values['API key in a header'] },
    { type: 'api_key', keyIn: 'query', keyName: 'key', secret: values['API key in the address'] },
    { type: 'bearer', secret: values['bearer token'] },
    { type: 'client_certificate', destination: lockedApi, secret: `${certificate}\n${privateKey}` },
  ] as const
  const answers: unknown[] = []
  for (const [index, fields] of everyType.entries()) {
    const name = `canary_${index}`
    const credential = await ada.call(createCredential, { body: { name, destination: api, ...fields } })
    const alias = await ada.call(createAlias, {
      body: {
        ...{ name, type: 'credential', credentialId: credential.id },
        applicationScopeId: credential.applicationScope.id,
      },
    })
    answers.push(credential, await ada.call(testCredential, { params: { id: credential.id } }))
    for (const path of ['things', 'refused', 'elsewhere', 'silence']) {
      const answer = await ada.send('GET', `/api/connections/aliases/${alias.id}/proxy/${path}`)
      answers.push(answer.status, await answer.text())
    }
    answers.push(await (await ada.send('GET', `/api/connections/aliases/${alias.id}/resolution`)).text())
  }
  const pair = await ada.call(createCredential, {
    body: { name: 'canary_pair', type: 'client_certificate', destination: lockedApi },
  })
  return [...answers, await ada.call(generateCredentialKeyPair, { params: { id: pair.id }, body: {} })]
}

/** Two secrets that the provider refuses, and a person's password with them: all of it leaves, and comes back as a refusal. */
async function enterClientSecrets(ada: Person): Promise<unknown[]> {
  const { id, profiles } = await ada.call(createOAuthApp, {
    body: {
      ...{ ...app, name: 'canary' },
      ...{ defaultGrantType: 'client_credentials', clientSecret: values['first client secret'] },
    },
  })
  const second = { label: 'second', value: values['second client secret'], expiresOn: '2027-11-30' }
  const after = await ada.call(addClientSecret, { params: { id }, body: second })
  const grant = { name: 'canary password', grantType: 'password', oauthAppId: id } as const
  const profile = await ada.call(createEntityProfile, { body: grant })
  return [after, await getToken(ada, 'canary_app', profiles[0]?.id), await withPassword(ada, profile.id)]
}

async function withPassword(ada: Person, oauthEntityProfileId: string): Promise<unknown> {
  const person = { username: 'rooms@contoso.example', secret: values['stored password of a user'] }
  return getToken(ada, 'canary_password', oauthEntityProfileId, person)
}

/** An app that proves itself with a key, which signs; and a key pair made here, whose key nobody ever sees. */
async function enterSigningKey(ada: Person, { certificate, privateKey }: IssuedCertificate): Promise<unknown[]> {
  const proves = { defaultGrantType: 'client_credentials', clientAuthentication: 'private_key_jwt' } as const
  const body = { ...app, name: 'canary key', ...proves }
  const at = { id: (await ada.call(createOAuthApp, { body })).id }
  await ada.call(generateKeyPair, { params: at, body: { label: 'generated' } })
  const pem = `${certificate}\n${privateKey}`
  const after = await ada.call(uploadCertificate, { params: at, body: { label: 'uploaded', pem } })
  const again = await ada.send('POST', `/api/connections/oauth-apps/${at.id}/certificates`, { label: 'twice', pem })
  const { rows } = await ada.call(listEntityProfiles, { query: { q: 'canary key' } })
  const refused = await getToken(ada, 'canary_key', rows[0]?.id)
  const moved = { version: after.version, tokenUrl: `${app.tokenUrl}?canary` }
  return [after, await again.text(), refused, await ada.call(updateOAuthApp, { params: at, body: moved })]
}

async function getToken(ada: Person, name: string, oauthEntityProfileId = '', fields: object = {}): Promise<unknown> {
  const credential = await ada.call(createCredential, { body: { name, oauthEntityProfileId, ...fields } })
  const answer = await ada.send('POST', `/api/connections/credentials/${credential.id}/authorization`)
  if (answer.ok) throw new Error(`${name} was meant to be refused`)
  const said = await answer.text()
  if (!said.includes('connections.client_refused')) throw new Error(said)
  return [credential, said]
}

/** What cannot be sent is said to be so without being repeated. */
async function enterRefusedValue(ada: Person): Promise<unknown> {
  const secret = values['value that is refused']
  const bearer = await ada.call(createCredential, {
    body: { name: 'canary_refused', type: 'bearer', destination: api },
  })
  const at = `/api/connections/credentials/${bearer.id}`
  const outcomes = await Promise.all([
    ada.send('PATCH', at, { version: bearer.version, secret: `${secret}\n` }),
    ada.send('PATCH', at, { version: bearer.version, secret, username: 'svc' }),
    ada.send('PATCH', at, { version: 'none', secret }),
    ada.send('POST', '/api/connections/credentials', { name: '', type: 'client_certificate', secret }),
  ])
  if (outcomes.some(({ ok }) => ok)) throw new Error('a value was accepted that cannot be sent')
  await ada.call(updateCredential, { params: { id: bearer.id }, body: { version: bearer.version, secret } })
  return Promise.all(outcomes.map((answer) => answer.text()))
}

/** Lines of a private key, which lead to nothing by themselves and would be recognised anywhere. */
function linesOf(name: string, pem: string): Record<string, string> {
  const lines = pem.split('\n').filter((line) => /^[\w+/]{64}$/.test(line.trim()))
  return Object.fromEntries(lines.slice(4, 7).map((line, index) => [`${name}, line ${index}`, line.trim()]))
}
