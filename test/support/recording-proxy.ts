import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { freePort } from './free-port.ts'

export type RecordingProxy = {
  origin: string
  /** Every token that a token endpoint gave out, and every assertion it was shown, in order. */
  tokens: { name: string; value: string }[]
  close: () => Promise<void>
}

/** Stands between Anteroom and the tenant and reads along: what a token endpoint answers with is written down for the test. */
export async function recordTokens(tenantOrigin: string): Promise<RecordingProxy> {
  const tokens: RecordingProxy['tokens'] = []
  const app = new Hono()
  app.all('*', async (context) => {
    const { pathname, search } = new URL(context.req.url)
    const { method } = context.req
    const headers = new Headers(context.req.raw.headers)
    for (const name of ['host', 'connection', 'content-length', 'transfer-encoding']) headers.delete(name)
    const body = ['GET', 'HEAD'].includes(method) ? null : await context.req.arrayBuffer()
    if (pathname.endsWith('/token') && body !== null) tokens.push(...assertionsIn(body))
    const answer = await fetch(`${tenantOrigin}${pathname}${search}`, { method, headers, body, redirect: 'manual' })
    const text = await answer.text()
    if (pathname.endsWith('/token') && answer.ok) tokens.push(...tokensIn(text))
    const back = new Headers(answer.headers)
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'connection']) back.delete(name)
    return new Response(method === 'HEAD' || [204, 304].includes(answer.status) ? null : text, {
      status: answer.status,
      headers: back,
    })
  })
  const port = await freePort()
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const listening = serve({ fetch: app.fetch, hostname: 'localhost', port }, () => resolve(listening))
  })
  return {
    origin: `http://localhost:${port}`,
    tokens,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function tokensIn(text: string): RecordingProxy['tokens'] {
  const answer = JSON.parse(text) as Record<string, unknown>
  const names = ['access_token', 'refresh_token', 'id_token'] as const
  return names.flatMap((name) => (typeof answer[name] === 'string' ? [{ name, value: answer[name] }] : []))
}

function assertionsIn(body: ArrayBuffer): RecordingProxy['tokens'] {
  const form = new URLSearchParams(Buffer.from(body).toString())
  return ['client_assertion', 'assertion'].flatMap((name) => form.getAll(name).map((value) => ({ name, value })))
}
