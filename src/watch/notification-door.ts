import type { Context, Hono } from 'hono'
import { lifecyclePath, notificationPath } from './addresses.ts'
import type { WatchDeps } from './deps.ts'
import { Intake } from './intake.ts'
import { Nonces } from './nonces.ts'
import { bodyBytesMax, readNotifications } from './notification-body.ts'
import { isProving } from './registry-queries.ts'

type DoorDeps = Pick<WatchDeps, 'db' | 'seams' | 'jobs' | 'log'>

/**
 * Where Graph's notifications come in. Nobody is signed in here: the address is the secret, and each item is judged by its own client
 * state. What is not ours gets the same empty answer whatever it says, and costs no parsing.
 */
export function mountNotificationDoor(app: Hono, deps: DoorDeps): void {
  const door = { deps, nonces: new Nonces(deps), intake: new Intake(deps) }
  for (const path of [notificationPath, lifecyclePath]) {
    app.post(`${path}/:nonce`, (context) =>
      answer(context, door).catch((cause: unknown) => failed(context, deps, cause)),
    )
  }
}

type Door = { deps: DoorDeps; nonces: Nonces; intake: Intake }

async function answer(context: Context, door: Door): Promise<Response> {
  const nonce = context.req.param('nonce') ?? ''
  if (!/^[\w-]{43}$/.test(nonce) || !(await door.nonces.has(nonce))) return nothingHere(context)
  const tokens = new URL(context.req.url).searchParams.getAll('validationToken')
  if (tokens.length > 0) return prove(context, door.deps, { nonce, tokens })
  if ((context.req.header('content-encoding') ?? 'identity') !== 'identity') return context.body(null, 415)
  const body = await bodyText(context)
  if (body === null) {
    context.header('Connection', 'close')
    return context.body(null, 413)
  }
  const read = readNotifications(body)
  if (read.is === 'malformed') return context.body(null, 400)
  const taken = await door.intake.take(nonce, read.items)
  return context.body(null, taken === 'stored' ? 202 : 503)
}

const tokenMax = 2_048

/**
 * Gives Graph its token back, decoded and as nothing but text (change-notifications-delivery-webhooks). Only while a subscription at this
 * address is being made, or anybody could have us say anything; and never what could be markup, which Graph says it does not send.
 */
async function prove(
  context: Context,
  { db, seams }: DoorDeps,
  { nonce, tokens }: { nonce: string; tokens: string[] },
): Promise<Response> {
  if (!(await isProving(db, nonce, seams.now()))) return nothingHere(context)
  const [token = ''] = tokens
  if (tokens.length > 1 || token === '' || token.length > tokenMax || /[<>"\p{Cc}]/u.test(token))
    return context.body(null, 400)
  context.header('Content-Security-Policy', "default-src 'none'; sandbox; frame-ancestors 'none'")
  return context.body(token, 200, { 'Content-Type': 'text/plain; charset=utf-8' })
}

/** The body, or null when it is larger than any of Graph's: then the rest of it is not read. */
async function bodyText(context: Context): Promise<string | null> {
  if (Number(context.req.header('content-length') ?? 0) > bodyBytesMax) return null
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of context.req.raw.body ?? []) {
    length += chunk.length
    if (length > bodyBytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function nothingHere(context: Context): Response {
  return context.body(null, 404)
}

/** Not stored, so not taken: Graph comes again. The address is in no log. */
function failed(context: Context, { log }: DoorDeps, cause: unknown): Response {
  log.error({ problem: cause instanceof Error ? cause.name : 'unknown' }, 'watch: a notification could not be taken')
  return context.body(null, 503)
}
