import { z } from 'zod'
import { call, type Graph } from './client.ts'
import type { GraphOutcome, GraphProblem } from './graph-problem.ts'
import { pathInLink } from './link.ts'

/** A subscription of ours as Graph has it (subscription resource). */
export type GraphSubscription = { id: string; resource: string; notificationUrl: string; expiresAt: Date }

const subscription = z
  .object({
    id: z.string().min(1),
    resource: z.string().catch(''),
    notificationUrl: z.string().nullish(),
    expirationDateTime: z.string(),
  })
  .transform(({ id, resource, notificationUrl, expirationDateTime }) => ({
    id,
    resource,
    notificationUrl: notificationUrl ?? '',
    expiresAt: new Date(expirationDateTime),
  }))
  .refine(({ expiresAt }) => !Number.isNaN(expiresAt.getTime()))

const subscriptions = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() })
const nothing = z.unknown()

export type SubscriptionWish = {
  /** `users/{address}/events`: every calendar of the mailbox. */
  resource: string
  notificationUrl: string
  lifecycleNotificationUrl: string
  /** Comes back with every notification; at most 128 characters. */
  clientState: string
  expiresAt: Date
}

const listPath = '/v1.0/subscriptions'
const pagesMax = 100

/** The longest life of a subscription to events, in minutes, and what it was until 2023; both from Microsoft's own tables. */
export const lifeMinutesMax = 10_080
export const formerLifeMinutesMax = 4_230

/**
 * Subscribes to what is made, changed and deleted. Graph asks both addresses whether they want to be told, before it answers
 * (subscription-post-subscriptions). Notifications carry immutable ids, as this request does.
 */
export function createSubscription(graph: Graph, wish: SubscriptionWish): Promise<GraphOutcome<GraphSubscription>> {
  const { expiresAt, ...rest } = wish
  const body = { changeType: 'created,updated,deleted', ...rest, expirationDateTime: expiresAt.toISOString() }
  return call(graph, { method: 'POST', path: listPath, body }, subscription)
}

/** Lets it live until then, and says again that we may (subscription-update). One that is gone is 404. */
export function renewSubscription(
  graph: Graph,
  { id, expiresAt }: { id: string; expiresAt: Date },
): Promise<GraphOutcome<GraphSubscription>> {
  const body = { expirationDateTime: expiresAt.toISOString() }
  return call(graph, { method: 'PATCH', path: pathOf(id), body }, subscription)
}

/** Is it there? Null when it is not. */
export async function readSubscription(graph: Graph, id: string): Promise<GraphOutcome<GraphSubscription | null>> {
  const outcome = await call(graph, { method: 'GET', path: pathOf(id) }, subscription)
  return outcome.is === 'problem' && outcome.status === 404 ? noSuchSubscription(outcome) : outcome
}

/** Takes it away. One that is gone already is fine. */
export async function deleteSubscription(graph: Graph, id: string): Promise<GraphOutcome<unknown>> {
  const outcome = await call(graph, { method: 'DELETE', path: pathOf(id) }, nothing)
  return outcome.is === 'problem' && outcome.status === 404 ? noSuchSubscription(outcome) : outcome
}

/** Every subscription that this application, or this person with it, has. */
export async function listSubscriptions(graph: Graph): Promise<GraphOutcome<GraphSubscription[]>> {
  const found: GraphSubscription[] = []
  let path: string | null = listPath
  for (let pages = 0; path !== null && pages < pagesMax; pages++) {
    const outcome: GraphOutcome<z.infer<typeof subscriptions>> = await call(
      graph,
      { method: 'GET', path },
      subscriptions,
    )
    if (outcome.is === 'problem') return outcome
    found.push(...outcome.value.value.flatMap((one) => subscription.safeParse(one).data ?? []))
    const next: string | undefined = outcome.value['@odata.nextLink']
    path = next === undefined ? null : pathInLink(next, listPath)
  }
  return { is: 'ok', value: found, requestId: null }
}

/** There is one for this resource already: 409, which Graph does not enforce everywhere. */
export function isAlreadySubscribed({ status }: GraphProblem): boolean {
  return status === 409
}

/** The life that was asked for is too long. One code stands for everything that is wrong with a subscription, so the text has to tell. */
export function isLifeTooLong({ status, message }: GraphProblem): boolean {
  return status === 400 && /expir/i.test(message)
}

/** Graph asked the address whether it wants notifications, and got no good answer. */
export function isUnreachable({ status, message }: GraphProblem): boolean {
  return status === 400 && /validation|https/i.test(message)
}

/** A mailbox takes a thousand subscriptions over all applications, and a delegated account none of others (403). */
export function isSubscribingRefused({ status }: GraphProblem): boolean {
  return status === 403
}

function noSuchSubscription({ requestId }: GraphProblem): GraphOutcome<null> {
  return { is: 'ok', value: null, requestId }
}

function pathOf(id: string): string {
  return `${listPath}/${encodeURIComponent(id)}`
}
