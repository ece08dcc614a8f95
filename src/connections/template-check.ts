import { Refusal } from '#kit/refusal.ts'
import { readAliasView } from './alias-queries.ts'
import { hostsForTokens, mayReceiveTokens } from './allowed-hosts.ts'
import { readApplicationScope } from './application-scope-queries.ts'
import { isConnectionNameFree } from './connection-queries.ts'
import { valueProblem } from './credential-type.ts'
import type { ConnectionsDeps } from './deps.ts'
import { discover } from './discover.ts'
import { addressProblem } from './entra.ts'
import { addressesOfTenant } from './entra-templates.ts'
import { readIssuerAddresses } from './issuer-addresses.ts'
import { hostProblem } from './open-id-provider.ts'
import type { FieldCheck } from './template.contract.ts'
import { aliasNameOf } from './template.ts'
import { type Recipe, recipeOf } from './template-recipe.ts'

type Values = Readonly<Record<string, string>>
type Checked = { deps: ConnectionsDeps; recipe: Recipe; values: Values; scopeKey: string; value: string }
type Check = (checked: Checked) => FieldCheck | Promise<FieldCheck>

/** Looks at every field that has something in it. Nothing is stored, and no secret goes anywhere. @throws `connections.template_not_found` */
export async function checkValues(
  deps: ConnectionsDeps,
  key: string,
  { values, applicationScopeId }: { values: Values; applicationScopeId?: string | undefined },
): Promise<{ checks: Record<string, FieldCheck> }> {
  const recipe = recipeOf(key)
  const scopeKey = await scopeKeyOf(deps, recipe, applicationScopeId)
  const checked = recipe.fields.map(async ({ name }): Promise<[string, FieldCheck]> => {
    const value = values[name]?.trim() ?? ''
    const check = checks[name]
    if (value === '' || check === undefined) return [name, { ok: null, say: '' }]
    return [name, await check({ deps, recipe, values, scopeKey, value })]
  })
  return { checks: Object.fromEntries(await Promise.all(checked)) }
}

async function scopeKeyOf(
  { db }: ConnectionsDeps,
  { parentAlias }: Recipe,
  scopeId: string | undefined,
): Promise<string> {
  if (parentAlias !== null) return parentAlias.split('.', 1)[0] ?? 'global'
  return (scopeId === undefined ? undefined : await readApplicationScope(db, scopeId))?.key ?? 'global'
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const checks: Record<string, Check> = {
  name: checkName,
  tenantId: checkTenant,
  issuer: checkIssuer,
  tokenUrl: ({ deps, value }) => {
    const problem = hostProblem(value, deps.allowedHosts ?? [])
    return problem === null ? good('Tokens are asked for there.') : bad(`The Token URL ${problem}.`)
  },
  clientId: ({ recipe, value }) => {
    if (recipe.oauth?.by !== 'tenant') return { ok: null, say: '' }
    return guid.test(value)
      ? good('It has the form of a client ID.')
      : bad('A client ID has the form 00000000-0000-0000-0000-000000000000.')
  },
  clientSecret: ({ recipe, value }) =>
    recipe.oauth?.by === 'tenant' && guid.test(value)
      ? bad('This looks like the secret’s ID. Copy its value instead.')
      : good('It is used when a token is asked for, and checked then.'),
  expectedAccount: ({ value }) =>
    /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(value)
      ? good('Only this account will be accepted.')
      : bad('Enter an e-mail address.'),
  connectionUrl: ({ deps, recipe, value }) => {
    if (mayReceiveTokens(deps, value))
      return good(recipe.oauth === null ? 'The value is sent there, and nowhere else.' : 'Tokens may be sent there.')
    const hosts = hostsForTokens(deps).map((host) => `https://${host}`)
    return bad(
      `Credentials may only be sent to ${hosts.join(', ')}. The operator names others in ANTEROOM_ALLOWED_HOSTS.`,
    )
  },
  scopes: ({ value }) => good(`Asked for: ${value.split(/\s+/).join(', ')}.`),
  username: (checked) => checkValue(checked, 'username'),
  keyName: (checked) => checkValue(checked, 'keyName'),
  secret: (checked) => checkValue(checked, 'secret'),
}

/** The same rules as the credential's own form has. */
function checkValue({ recipe, values, value }: Checked, field: 'username' | 'keyName' | 'secret'): FieldCheck {
  const problems = valueProblem(
    {
      type: recipe.credentialType,
      username: field === 'username' ? value : null,
      key_in: values.keyIn === 'query' ? 'query' : 'header',
      key_name: field === 'keyName' ? value : null,
    },
    // What is typed counts to the last space.
    field === 'secret' ? (values.secret ?? '') : null,
  )
  const problem = problems[field]
  if (problem !== undefined) return bad(problem)
  return field === 'secret'
    ? good('It is sealed, and sent only to the Connection URL’s host.')
    : good('It can be sent so.')
}

async function checkName({ deps: { db }, scopeKey, value }: Checked): Promise<FieldCheck> {
  const name = aliasNameOf(value)
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
    return bad('Begin with a letter and use letters, digits, underscores and spaces only.')
  const aliasId = scopeKey === 'global' ? name : `${scopeKey}.${name}`
  const taken = (await readAliasView(db, aliasId)) !== undefined || !(await isConnectionNameFree(db, value))
  return taken ? bad('This name is taken. Choose another one.') : good(`The alias will be ${aliasId}.`)
}

/** Asks the provider whether it knows this tenant, by its public discovery document. */
async function checkTenant({ deps: { seams }, value }: Checked): Promise<FieldCheck> {
  const { authorizationUrl, tokenUrl } = addressesOfTenant(value)
  const problem = addressProblem({ authorizationUrl, tokenUrl }, { signsInSomebody: true })
  if (problem !== null) return bad(problem.say)
  return inWords(async () => {
    const { tenantId } = await discover(seams, { issuer: '', authorization_url: authorizationUrl, token_url: tokenUrl })
    return good(`The tenant exists: ${tenantId}.`)
  })
}

/** Asks the provider for the addresses it publishes. */
async function checkIssuer({ deps, recipe, values, value }: Checked): Promise<FieldCheck> {
  return inWords(async () => {
    const found = await readIssuerAddresses(deps, { issuer: value, tokenUrl: '' })
    if (!('wrong' in found)) return good(`It publishes its addresses. Tokens come from ${found.tokenUrl}.`)
    const say = Object.values(found.wrong)[0] ?? ''
    // A provider of application tokens need not publish anything, if somebody knows its token URL.
    return recipe.fields.some(({ name }) => name === 'tokenUrl') && values.tokenUrl ? { ok: null, say } : bad(say)
  })
}

async function inWords(check: () => Promise<FieldCheck>): Promise<FieldCheck> {
  try {
    return await check()
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    const { code, message } = refusal
    return code === 'connections.oauth_app_incomplete' ? bad(message) : { ok: null, say: message }
  }
}

const good = (say: string): FieldCheck => ({ ok: true, say })
const bad = (say: string): FieldCheck => ({ ok: false, say })
