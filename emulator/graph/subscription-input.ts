import { z } from 'zod'
import type { ChangeKind } from '../change-log.ts'
import { decoded } from '../decoded.ts'
import type { User } from '../model.ts'
import { holdsAny } from './access.ts'
import { refuseOutOfScope } from './app-scope.ts'
import type { GraphCall } from './graph-call.ts'
import { badRequest, extensionError, GraphProblem } from './graph-problem.ts'
import { parseBody, readBody } from './request-body.ts'

const creationShape = z.object({
  changetype: z.string(),
  notificationurl: z.string(),
  lifecyclenotificationurl: z.string().nullish(),
  resource: z.string(),
  expirationdatetime: z.string(),
  clientstate: z.string().nullish(),
  latestsupportedtlsversion: z.string().nullish(),
  includeresourcedata: z.boolean().nullish(),
})
const renewalShape = z.object({ expirationdatetime: z.string().optional(), notificationurl: z.string().optional() })

export type SubscriptionDraft = {
  changeTypes: ChangeKind[]
  resource: string
  mailbox: User
  notificationUrl: string
  lifecycleNotificationUrl: string | null
  clientState: string | null
  latestSupportedTlsVersion: string
  expiresAt: string
}

const kinds: ChangeKind[] = ['created', 'updated', 'deleted']
const tlsVersions = ['v1_0', 'v1_1', 'v1_2', 'v1_3']
const readers = ['Calendars.Read', 'Calendars.ReadWrite']
const clientStateMax = 128

/** Refuses what Graph refuses before it asks an endpoint anything (subscription-post-subscriptions). */
export function readSubscription(call: GraphCall): SubscriptionDraft {
  const body = parseBody(call, creationShape)
  if (body.includeresourcedata === true)
    throw invalid('This tenant sends no resource data: leave includeResourceData out.')
  if ((body.clientstate ?? '').length > clientStateMax)
    throw invalid(`clientState: the maximum length is ${clientStateMax} characters.`)
  const latestSupportedTlsVersion = body.latestsupportedtlsversion ?? 'v1_2'
  if (!tlsVersions.includes(latestSupportedTlsVersion))
    throw invalid('latestSupportedTlsVersion is not a known version.')
  return {
    changeTypes: readChangeTypes(body.changetype),
    resource: body.resource,
    mailbox: readResource(call, body.resource),
    notificationUrl: readUrl('notificationUrl', body.notificationurl),
    lifecycleNotificationUrl: body.lifecyclenotificationurl
      ? readUrl('lifecycleNotificationUrl', body.lifecyclenotificationurl)
      : null,
    clientState: body.clientstate ?? null,
    latestSupportedTlsVersion,
    expiresAt: readExpiry(call, body.expirationdatetime),
  }
}

/** What a renewal may change; the lifecycle address is not among it. */
export function readRenewal(call: GraphCall): { expiresAt?: string; notificationUrl?: string } {
  if ('lifecyclenotificationurl' in readBody(call))
    throw invalid('lifecycleNotificationUrl can only be set when a subscription is created.')
  const { expirationdatetime, notificationurl } = parseBody(call, renewalShape)
  return {
    ...(expirationdatetime === undefined ? {} : { expiresAt: readExpiry(call, expirationdatetime) }),
    ...(notificationurl === undefined ? {} : { notificationUrl: readUrl('notificationUrl', notificationurl) }),
  }
}

export function invalid(message: string): GraphProblem {
  return new GraphProblem(400, 'InvalidRequest', message)
}

function readChangeTypes(text: string): ChangeKind[] {
  const named = text.split(',').map((one) => one.trim().toLowerCase())
  const known = kinds.filter((kind) => named.includes(kind))
  if (known.length === 0 || known.length < new Set(named).size)
    throw invalid(`Invalid 'changeType' attribute: '${text}'.`)
  return known
}

/** `me/events` or `users/{id}/events`, in any case, with a slash in front or not; every calendar of the mailbox is meant. */
function readResource(call: GraphCall, resource: string): User {
  const bare = decoded(resource).replace(/^\/+|\/+$/g, '')
  const named = /^users(?:\/|\(')([^/']+)(?:'\))?\/events$/i.exec(bare)?.[1]
  if (named === undefined && !/^me\/events$/i.test(bare)) throw invalid(`Resource '${resource}' is not supported.`)
  const { tenant, token } = call
  const name = named ?? token.accountId
  if (name === null) throw badRequest('/me request is only valid with delegated authentication flow.')
  const mailbox = tenant.findUser(name)
  refuseWithoutReach(call, mailbox)
  if (mailbox !== undefined) refuseOutOfScope(tenant, token, mailbox)
  if (mailbox?.homeTenantId !== null) throw extensionError(404, 'NotFound', 'The mailbox was not found.')
  return mailbox
}

/** A person subscribes to the own mailbox only, and `.Shared` permissions count for nothing here. */
function refuseWithoutReach({ token }: GraphCall, mailbox: User | undefined): void {
  const isOwn = token.accountId === null || token.accountId === mailbox?.id
  if (isOwn && holdsAny(token, readers)) return
  throw extensionError(403, 'Forbidden', 'Access is denied. Check credentials and try again.')
}

/** https only. So that a rehearsal needs no certificates, this computer may be named with http. */
function readUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isHere = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url?.protocol === 'https:' || (isHere && url.protocol === 'http:')) return text
  throw invalid(`The '${name}' must be an https address: '${text}'.`)
}

/** Less than 45 minutes becomes 45; more than seven days is refused. */
function readExpiry({ tenant }: GraphCall, text: string): string {
  const asked = Date.parse(text)
  if (Number.isNaN(asked)) throw invalid(`Invalid 'expirationDateTime' attribute: '${text}'.`)
  const { subscriptionShortestMinutes, subscriptionLongestMinutes, subscriptionOverlong } = tenant.switches
  const inMinutes = (minutes: number) => tenant.now().getTime() + minutes * 60_000
  const longest = inMinutes(subscriptionLongestMinutes)
  if (asked > longest && subscriptionOverlong === 'refuse')
    throw invalid(`Subscription expiration can only be ${subscriptionLongestMinutes} minutes in the future.`)
  return new Date(Math.min(Math.max(asked, inMinutes(subscriptionShortestMinutes)), longest)).toISOString()
}
