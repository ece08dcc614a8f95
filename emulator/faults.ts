import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { MiddlewareHandler } from 'hono'
import type { TenantEnv } from './http.ts'
import { annotate } from './ledger.ts'
import type { Fault } from './model.ts'
import type { Tenant } from './tenant.ts'

/** Lets a scripted fault happen to the requests it matches, as often as it was told to, the oldest fault first. */
export function applyFaults(tenant: Tenant): MiddlewareHandler<TenantEnv> {
  return async (c, next) => {
    const fault = takeFault(tenant, c.req.method, c.req.path)
    if (fault === null) return next()
    annotate(c, { faultId: fault.id })
    if (fault.delayMs > 0) await tenant.wait(fault.delayMs)
    if (!fault.dropBefore && fault.status !== null) return faultResponse(fault)
    if (!fault.dropBefore) await next()
    if (!fault.dropBefore && !fault.dropAfter) return
    annotate(
      c,
      fault.dropBefore
        ? { status: 0, errorCode: 'dropped_before' }
        : { status: c.res.status, errorCode: 'dropped_after' },
    )
    c.env.incoming.socket.destroy()
    c.res = RESPONSE_ALREADY_SENT.clone()
  }
}

/** The answer of a fault that has a status. */
export function faultResponse(fault: Fault): Response {
  const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {})
  const headers = { 'content-type': 'application/json', ...fault.headers }
  return new Response(text, { status: fault.status ?? 500, headers })
}

/** Takes one use of the oldest fault that matches the request, or null. */
export function takeFault(tenant: Tenant, method: string, path: string): Fault | null {
  const fault = tenant.faults.find((candidate) => candidate.times > 0 && matches(candidate.match, method, path))
  if (fault === undefined) return null
  if (fault.times > 1) tenant.faults.put({ ...fault, times: fault.times - 1 })
  else tenant.faults.delete(fault.id)
  return fault
}

/** Is this the request a fault waits for? `*` as method is any, in the path one segment; `**` any number of segments. Case does not matter. */
export function matches(match: string, method: string, path: string): boolean {
  const [wantedMethod = '*', glob = '/**'] = match.trim().split(/\s+/)
  if (wantedMethod !== '*' && wantedMethod.toUpperCase() !== method.toUpperCase()) return false
  const pattern = glob
    .split('/')
    .map((segment) => (segment === '**' ? '.*' : segment.split('*').map(RegExp.escape).join('[^/]*')))
    .join('/')
  return new RegExp(`^${pattern}$`, 'i').test(decodeURIComponent(path))
}
