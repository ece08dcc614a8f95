import type { Context, Hono } from 'hono'
import type { Refusal } from '#kit/refusal.ts'
import { refused } from './errors.ts'

const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What is answered where nothing else answers: 405 with `Allow` (RFC 9110 section 15.5.6) if another method would have, else 404. */
export function nothingHere(app: Hono, context: Context): Refusal {
  const allowed = known.filter((method) => answers(app, method, context.req.path))
  if (allowed.length === 0 || allowed.includes(context.req.method)) return refused('http.not_found')
  context.header('Allow', allowed.join(', '))
  return refused('http.method_not_allowed')
}

function answers(app: Hono, method: string, path: string): boolean {
  // The router knows no HEAD: the server answers it as GET without a body.
  const [handlers] = app.router.match(method === 'HEAD' ? 'GET' : method, path)
  return handlers.some(([[, route]]) => isRoute(route, path))
}

/** Layers around all routes match every method. The web's own route takes every path that is a page, and no other. */
function isRoute(route: { method: string; path: string }, path: string): boolean {
  if (route.path === '/*' || route.path === '*') return route.method !== 'ALL' && !/^\/(api|oauth|assets)\//.test(path)
  return !['/api/*', '/oauth/*'].includes(route.path)
}

/** TRACE and the like are nobody's business here, whatever the address: a proxy that lets them pass would echo cookies. */
export function requireKnownMethod(context: Context): void {
  if (known.includes(context.req.method) || context.req.method === 'OPTIONS') return
  context.header('Allow', known.join(', '))
  throw refused('http.method_not_allowed')
}
