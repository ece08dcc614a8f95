import { refused } from '#connections/errors.ts'
import { callOut } from '#connections/outbound.ts'
import type { Resolved } from '#connections/resolve.ts'
import type { Seams } from '#kit/seams.ts'
import { applicationAlias, delegatedAlias, personalAlias } from '#providers/acting.ts'
import { mintAccessToken } from '../../../emulator/access-token.ts'
import type { Owner, Scheduler } from '../scheduler/scheduler.ts'
import { apps, delegate, idOf, type Person, tenantId } from '../world/cast.ts'
import type { Permission } from './call.ts'
import type { Network } from './network.ts'
import type { Outside } from './outside.ts'

type Holder = {
  permission: Permission
  clientId: string
  account: Person | null
  credentialId: string
  /** Whether there is a permission now. */
  isGiven: boolean
  token: { text: string; untilMs: number } | null
}

export type TokensParts = {
  scheduler: Scheduler
  outside: Outside
  network: () => Network
  users: ReadonlyMap<string, Person>
}

const scopes = ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'User.Read']
const roles = ['Calendars.ReadWrite']
const timeoutMs = 20_000

/**
 * What connections are for the engine: an alias resolved to a fetch in somebody's name, or what is missing. Tokens lapse and are got
 * anew; permissions are given and taken back by the run. The calls are made by the real `callOut`.
 */
export class Tokens {
  readonly #parts: TokensParts
  readonly #holders = new Map<string, Holder>()
  /** While it is down no token is got anew. */
  isEndpointDown = false

  constructor(parts: TokensParts) {
    this.#parts = parts
    this.#hold(applicationAlias, { permission: 'application', clientId: apps.application, account: null, number: 0 })
    this.#hold(delegatedAlias, { permission: 'delegated', clientId: apps.delegated, account: delegate, number: 1 })
    for (const [userId, person] of parts.users) {
      const alias = `${personalAlias} ${userId}`
      this.#hold(alias, { permission: 'personal', clientId: apps.delegated, account: person, number: 2 })
    }
  }

  give(name: string): void {
    this.#named(name).isGiven = true
  }

  /** From now on there is no permission; a token that is under way is still good until its end, as Microsoft's are. */
  withdraw(name: string): void {
    Object.assign(this.#named(name), { isGiven: false, token: null })
  }

  isGiven(name: string): boolean {
    return this.#named(name).isGiven
  }

  /** Every token is as if it had lapsed. */
  expireAll(): void {
    for (const holder of this.#holders.values()) holder.token = null
  }

  /** The port of `ProvidersDeps.resolve` for one process. */
  resolverOf(owner: Owner, seams: Seams) {
    return async (aliasId: string, who: { userId: string } | 'system'): Promise<Resolved> => {
      await this.#parts.scheduler.pause(owner, 'resolve')
      const name = who === 'system' ? aliasId : `${personalAlias} ${who.userId}`
      const holder = this.#holders.get(name)
      if (!holder) return { is: 'refused', code: 'connections.alias_not_found', say: `There is no ${name}.` }
      const { credentialId, account } = holder
      const credentialName = holder.permission
      if (!holder.isGiven) return { is: 'sign_in_needed', credentialId, credentialName, say: 'Sign in.' }
      return {
        is: 'ready',
        baseUrl: 'https://graph.microsoft.com',
        timeoutMs,
        account: account && { name: account.name, email: account.email, tenantId, objectId: account.id },
        credentialId,
        clientId: holder.clientId,
        attributes: {},
        fetch: (path, init = {}) => this.#call(holder, { owner, seams }, path, init),
      }
    }
  }

  async #call(holder: Holder, { owner, seams }: Caller, path: string, init: RequestInit): Promise<Response> {
    const once = async () => {
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${await this.#fresh(holder)}`)
      const { permission, clientId: application, account } = holder
      const sender = { owner, permission, application, account: account?.email ?? null }
      const fetch: Seams['fetch'] = (input, sent = {}) => this.#parts.network().fetch(sender, String(input), sent)
      const url = path.startsWith('https://') ? path : `https://graph.microsoft.com${path}`
      return callOut({ ...seams, fetch }, url, { init: { ...init, headers }, limits: { timeoutMs } })
    }
    const response = await once()
    if (response.status !== 401) return response
    holder.token = null
    return once()
  }

  async #fresh(holder: Holder): Promise<string> {
    const { scheduler, outside } = this.#parts
    if (!holder.isGiven) throw refused('connections.sign_in_needed')
    if (holder.token && holder.token.untilMs > scheduler.nowMs + 60_000) return holder.token.text
    if (this.isEndpointDown) throw refused('connections.provider_trouble')
    const seconds = outside.tenant.switches.accessTokenLifetimeSeconds ?? outside.tenant.chance.integer(3_600, 5_400)
    const grant = { clientId: holder.clientId, accountId: holder.account?.id ?? null, scopes, roles }
    const text = await mintAccessToken(outside.tenant, grant, seconds)
    holder.token = { text, untilMs: scheduler.nowMs + seconds * 1000 }
    return text
  }

  #named(name: string): Holder {
    const holder = this.#holders.get(name)
    if (!holder) throw new Error(`nobody holds a token by the name of ${name}`)
    return holder
  }

  #hold(
    name: string,
    { number, ...holder }: Pick<Holder, 'permission' | 'clientId' | 'account'> & { number: number },
  ): void {
    this.#holders.set(name, { ...holder, credentialId: idOf('7', number), isGiven: true, token: null })
  }
}

type Caller = { owner: Owner; seams: Seams }
