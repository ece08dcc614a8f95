import type { Subscription } from '../model.ts'
import { type Handshake, shakeHands } from '../notifications/handshake.ts'
import { keepAuthorized } from '../notifications/lifecycle.ts'
import { collectionAnswer, entityAnswer, plainly } from './collection.ts'
import type { GraphAnswer, GraphCall } from './graph-call.ts'
import { extensionError, GraphProblem } from './graph-problem.ts'
import { type Route, route } from './router.ts'
import { invalid, readRenewal, readSubscription, type SubscriptionDraft } from './subscription-input.ts'

/** Subscriptions to the events of mailboxes (Graph subscription resource; change-notifications-delivery-webhooks). */
export const subscriptionRoutes: Route[] = [
  route('GET', '/subscriptions', listSubscriptions),
  route('POST', '/subscriptions', postSubscription),
  route('GET', '/subscriptions/:subscription', getSubscription),
  route('PATCH', '/subscriptions/:subscription', renewSubscription),
  route('DELETE', '/subscriptions/:subscription', removeSubscription),
  route('POST', '/subscriptions/:subscription/reauthorize', reauthorize),
]

const context = 'subscriptions'

/** The endpoints are asked before the answer, each address by itself even when they are the same. */
async function postSubscription(call: GraphCall): Promise<GraphAnswer> {
  const draft = readSubscription(call)
  refuseSurplus(call, draft)
  await refuseUnproved(call, draft.notificationUrl)
  if (draft.lifecycleNotificationUrl !== null) await refuseUnproved(call, draft.lifecycleNotificationUrl)
  refuseSurplus(call, draft)
  const { mailbox, ...fields } = draft
  const { tenant, token } = call
  const subscription = keepAuthorized(tenant, {
    ...fields,
    id: tenant.chance.uuid(),
    clientId: token.clientId,
    creatorId: token.accountId ?? token.clientId,
    isByApplication: token.accountId === null,
    mailboxId: mailbox.id,
    wantsImmutableIds: call.preferences.immutableIds,
    ...authorization(call),
  })
  return { ...entityAnswer(call, subscriptionJson(subscription), context, ['id']), status: 201 }
}

/** An app sees its own subscriptions, a person those made for them with the same app. */
function listSubscriptions(call: GraphCall): GraphAnswer {
  const own = call.tenant.subscriptions.listBy(call.token.clientId).filter((one) => isOwn(call, one))
  return collectionAnswer(call, plainly(own.map(subscriptionJson)), {
    context,
    pageSize: 100,
    pageSizeMax: 1000,
    always: ['id'],
  })
}

function getSubscription(call: GraphCall): GraphAnswer {
  return entityAnswer(call, subscriptionJson(named(call)), context, ['id'])
}

async function renewSubscription(call: GraphCall): Promise<GraphAnswer> {
  const before = named(call)
  const changes = readRenewal(call)
  if (changes.notificationUrl !== undefined && changes.notificationUrl !== before.notificationUrl)
    await refuseUnproved(call, changes.notificationUrl)
  const renewed = keepAuthorized(call.tenant, { ...named(call), ...changes, ...authorization(call) })
  return entityAnswer(call, subscriptionJson(renewed), context, ['id'])
}

/** Says again that the caller may; the end stays where it is. */
function reauthorize(call: GraphCall): GraphAnswer {
  keepAuthorized(call.tenant, { ...named(call), ...authorization(call) })
  return { status: 204 }
}

function removeSubscription(call: GraphCall): GraphAnswer {
  call.tenant.subscriptions.delete(named(call).id)
  return { status: 204 }
}

function authorization({ tenant, token }: GraphCall): Pick<Subscription, 'authorizedAt' | 'tokenExpiresAt'> {
  return { authorizedAt: tenant.now().toISOString(), tokenExpiresAt: token.expiresAt.toISOString() }
}

function named(call: GraphCall): Subscription {
  const subscription = call.tenant.subscriptions.get(call.params.subscription?.toLowerCase() ?? '')
  if (subscription !== undefined && isOwn(call, subscription)) return subscription
  throw new GraphProblem(404, 'ResourceNotFound', 'The object was not found.')
}

function isOwn({ tenant, token }: GraphCall, { clientId, creatorId, expiresAt }: Subscription): boolean {
  if (clientId !== token.clientId || expiresAt <= tenant.now().toISOString()) return false
  return token.accountId === null || token.accountId === creatorId
}

function refuseSurplus({ tenant, token }: GraphCall, draft: SubscriptionDraft): void {
  const { subscriptionDuplicates, subscriptionsPerMailbox } = tenant.switches
  const others = tenant.subscriptions.listBy(draft.mailbox.id).filter((one) => one.mailboxId === draft.mailbox.id)
  const twin = others.find(
    (one) => one.clientId === token.clientId && one.changeTypes.join() === draft.changeTypes.join(),
  )
  if (twin !== undefined && subscriptionDuplicates === 'refuse') {
    throw extensionError(409, 'Conflict', `Subscription Id ${twin.id} already exists for the requested combination`)
  }
  if (others.length < subscriptionsPerMailbox) return
  throw extensionError(
    403,
    'Forbidden',
    `The mailbox has ${subscriptionsPerMailbox} subscriptions, which is the most it may have.`,
  )
}

const handshakeProblems: Record<Exclude<Handshake, 'proved'>, string> = {
  timedOut: 'Subscription validation request timed out.',
  refused:
    'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.',
  mismatch: 'Subscription validation request failed. Response must exactly match validationToken query parameter.',
}

async function refuseUnproved({ tenant }: GraphCall, url: string): Promise<void> {
  const handshake = await shakeHands(tenant, url)
  if (handshake !== 'proved') throw invalid(handshakeProblems[handshake])
}

function subscriptionJson(one: Subscription): Record<string, unknown> {
  return {
    id: one.id,
    resource: one.resource,
    applicationId: one.clientId,
    changeType: one.changeTypes.join(','),
    clientState: one.clientState,
    notificationUrl: one.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: one.lifecycleNotificationUrl,
    expirationDateTime: one.expiresAt,
    creatorId: one.creatorId,
    includeResourceData: null,
    latestSupportedTlsVersion: one.latestSupportedTlsVersion,
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  }
}
