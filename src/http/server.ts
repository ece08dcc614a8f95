import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Log } from '#kit/log.ts'
import type { Actor } from './actor.ts'
import { nothingHere, requireKnownMethod } from './allowed-methods.ts'
import { refused } from './errors.ts'
import { securityHeaders } from './headers.ts'
import type { Router } from './mount.ts'
import { answerProblem } from './problem.ts'
import { requireTokenScope } from './token-scope.ts'

export type AppParts = {
  publicUrl: string
  newId: () => string
  log: Log
  /** Who asks; decided by people. */
  authenticate: (context: Context) => Promise<Actor | null>
  /** Refuses writes that do not come from our own pages or an API token. */
  guardWrite: (context: Context, actor: Actor | null) => Promise<void>
  /**
   * Puts up what is answered before any of the layers below the headers: host, size, who asks, where a write comes from. What is put up
   * here looks after all of that itself.
   */
  outside?: ((app: Hono) => void) | undefined
}

const bodyBytesMax = 1024 * 1024

/** The outer layers of every request, in the order they apply: id and headers, host, size, who asks, what a token is for, where the write came from. */
export function openRouter(parts: AppParts): Router {
  const app = new Hono()
  app.onError((error, context) => answerProblem(context, error, parts.log))
  app.notFound((context) => answerProblem(context, nothingHere(app, context), parts.log))
  app.use(async (context, next) => {
    context.set('requestId', parts.newId())
    context.header('X-Request-Id', context.get('requestId'))
    securityHeaders(context, parts.publicUrl)
    await next()
  })
  parts.outside?.(app)
  app.use(async (context, next) => {
    requireKnownMethod(context)
    requireKnownHost(context, parts.publicUrl)
    await next()
  })
  app.use(bodyLimit({ maxSize: bodyBytesMax, onError: (context) => tooLarge(context, parts.log) }))
  app.use('/api/*', async (context, next) => {
    const actor = await parts.authenticate(context)
    context.set('actor', actor)
    requireTokenScope(actor, context.req.method, context.req.path)
    if (!['GET', 'HEAD'].includes(context.req.method)) await parts.guardWrite(context, actor)
    await next()
  })
  app.use('/oauth/*', async (context, next) => {
    context.set('actor', await parts.authenticate(context))
    await next()
  })
  return { app, list: [] }
}

/** The rest of the body is not read, so the connection cannot be used again, and a client must be told. */
function tooLarge(context: Context, log: Log): Response {
  context.header('Connection', 'close')
  return answerProblem(context, refused('http.body_too_large'), log)
}

/**
 * A request for another host name is answered 421, so that no address of ours is ever built from, or cached under, a name
 * that an attacker chose. Probes may come by address.
 */
function requireKnownHost(context: Context, publicUrl: string): void {
  if (['/livez', '/readyz'].includes(context.req.path)) return
  // The request line may name a host too, and then it counts (RFC 9112 section 3.2.2).
  const named = [context.req.header('host'), new URL(context.req.url).host]
  if (named.every((host) => host === new URL(publicUrl).host)) return
  throw refused('http.wrong_host')
}

export type Listening = { port: number; close: () => Promise<void> }

/** Listens, with the limits that keep slow and greedy clients from holding sockets (security-reliability: slow clients). */
export function listen(router: Router, { host, port }: { host: string; port: number }): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: router.app.fetch, hostname: host, port }, (address) => {
      resolve({ port: address.port, close: () => close(server as Server) })
    }) as Server
    server.headersTimeout = 10_000
    server.requestTimeout = 15_000
    server.keepAliveTimeout = 65_000
    server.maxConnections = 1000
    server.on('error', (problem: NodeJS.ErrnoException) => reject(cannotListen(problem, `${host}:${port}`)))
  })
}

function cannotListen(problem: NodeJS.ErrnoException, where: string): Error {
  const why: Record<string, string> = {
    EADDRINUSE: 'is in use by another program. Stop it, or choose another port with ANTEROOM_PORT',
    EACCES: 'may not be opened by this user. Choose a port from 1024 on with ANTEROOM_PORT',
    EADDRNOTAVAIL: 'is no address of this machine. Choose another with ANTEROOM_HOST',
    ENOTFOUND: 'is no known name. Choose another with ANTEROOM_HOST',
  }
  return new Error(`${where} ${why[problem.code ?? ''] ?? `cannot be listened on: ${problem.message}`}`, {
    cause: problem,
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
