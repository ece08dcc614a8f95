import { z } from 'zod'
import { isDeeperThan } from '#http/json-depth.ts'

/** One item of what Graph sends (changeNotification, and lifecycle events). A hint and nothing more: nothing in it is taken for true. */
export type ReceivedItem = {
  subscriptionId: string
  /** Null: it had none, or something that is no text. It is judged like a wrong one. */
  clientState: string | null
  /** What happened: created, updated, deleted, or the name of a lifecycle event. */
  kind: string
  resourceId: string | null
  etag: string | null
}

export type ReceivedBody = { is: 'items'; items: ReceivedItem[] } | { is: 'malformed' }

export const bodyBytesMax = 256 * 1024
const depthMax = 32
const itemsMax = 1_000
const textMax = 4 * 1024

const word = z.string().regex(/^\w{1,60}$/)
const text = z
  .string()
  .min(1)
  .max(textMax)
  .refine((value) => !value.includes('\0') && value.isWellFormed())

const item = z.object({
  subscriptionId: text,
  clientState: z.string().max(textMax).nullish().catch(null),
  changeType: word.nullish().catch(null),
  lifecycleEvent: word.nullish().catch(null),
  resourceData: z
    .object({ id: text.nullish().catch(null), '@odata.etag': text.nullish().catch(null) })
    .nullish()
    .catch(null),
})

/** Reads a body of notifications. An item that is none is left out, and keeps no other from being read. */
export function readNotifications(body: string): ReceivedBody {
  const value = isDeeperThan(depthMax, body) ? undefined : listIn(body)
  if (value === undefined || value.length > itemsMax) return { is: 'malformed' }
  return { is: 'items', items: value.flatMap(itemIn) }
}

function itemIn(value: unknown): ReceivedItem[] {
  const read = item.safeParse(value)
  if (!read.success) return []
  const { subscriptionId, clientState, changeType, lifecycleEvent, resourceData } = read.data
  const kind = lifecycleEvent ?? changeType ?? null
  if (kind === null) return []
  const [resourceId, etag] = [resourceData?.id ?? null, resourceData?.['@odata.etag'] ?? null]
  return [{ subscriptionId, clientState: clientState ?? null, kind, resourceId, etag }]
}

function listIn(body: string): unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return z.object({ value: z.array(z.unknown()) }).safeParse(parsed).data?.value
  } catch {
    return undefined
  }
}
