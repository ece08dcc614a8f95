import { Refusal } from '#kit/refusal.ts'
import { readAliasView } from './alias-queries.ts'
import { hostsForTokens, mayReceiveTokens } from './allowed-hosts.ts'
import { isConnectionNameFree } from './connection-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { discover } from './discover.ts'
import { addressProblem } from './entra.ts'
import { addressesOfTenant } from './entra-templates.ts'
import type { FieldCheck } from './template.contract.ts'
import { aliasNameOf, recipeOf } from './template.ts'

type Values = Readonly<Record<string, string>>
type Check = (deps: ConnectionsDeps, value: string, parentAlias: string) => FieldCheck | Promise<FieldCheck>

/** Looks at every field that has something in it. Nothing is stored, and the client secret goes nowhere. @throws `connections.template_not_found` */
export async function checkValues(
  deps: ConnectionsDeps,
  key: string,
  values: Values,
): Promise<{ checks: Record<string, FieldCheck> }> {
  const recipe = recipeOf(key)
  const checked = recipe.fields.map(async ({ name }): Promise<[string, FieldCheck]> => {
    const value = values[name]?.trim() ?? ''
    const check = checks[name]
    if (value === '' || check === undefined) return [name, { ok: null, say: '' }]
    return [name, await check(deps, value, recipe.parentAlias)]
  })
  return { checks: Object.fromEntries(await Promise.all(checked)) }
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const checks: Record<string, Check> = {
  name: checkName,
  tenantId: checkTenant,
  clientId: (_deps, value) =>
    guid.test(value)
      ? good('It has the form of a client ID.')
      : bad('A client ID has the form 00000000-0000-0000-0000-000000000000.'),
  clientSecret: (_deps, value) =>
    guid.test(value)
      ? bad('This looks like the secret’s ID. Copy its value instead.')
      : good('It is used when a token is asked for, and checked then.'),
  expectedAccount: (_deps, value) =>
    /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
      ? good('Only this account will be accepted.')
      : bad('Enter an e-mail address.'),
  connectionUrl: (deps, value) =>
    mayReceiveTokens(deps, value)
      ? good('Tokens may be sent there.')
      : bad(
          `Tokens may only be sent to ${hostsForTokens(deps)
            .map((host) => `https://${host}`)
            .join(', ')}.`,
        ),
}

async function checkName({ db }: ConnectionsDeps, value: string, parentAlias: string): Promise<FieldCheck> {
  const name = aliasNameOf(value)
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
    return bad('Begin with a letter and use letters, digits, underscores and spaces only.')
  const aliasId = `${parentAlias.split('.', 1)[0]}.${name}`
  const taken = (await readAliasView(db, aliasId)) !== undefined || !(await isConnectionNameFree(db, value))
  return taken ? bad('This name is taken. Choose another one.') : good(`The alias will be ${aliasId}.`)
}

/** Asks the provider whether it knows this tenant, by its public discovery document. */
async function checkTenant({ seams }: ConnectionsDeps, value: string): Promise<FieldCheck> {
  const addresses = addressesOfTenant(value)
  const problem = addressProblem(addresses)
  if (problem !== null) return bad(problem.say)
  try {
    const { tenantId } = await discover(seams, { issuer: '', authorization_url: '', token_url: addresses.tokenUrl })
    return good(`The tenant exists: ${tenantId}.`)
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal
    return refusal.code === 'connections.oauth_app_incomplete'
      ? bad(refusal.message)
      : { ok: null, say: refusal.message }
  }
}

const good = (say: string): FieldCheck => ({ ok: true, say })
const bad = (say: string): FieldCheck => ({ ok: false, say })
