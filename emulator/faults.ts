import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context, MiddlewareHandler } from 'hono'
import type { Bearer } from './access-token.ts'
import { decoded } from './decoded.ts'
import { faultResponse, hasAnswer } from './fault-answers.ts'
import type { TenantEnv } from './http.ts'
import { annotate } from './ledger.ts'
import type { Fault, User } from './model.ts'
import type { Tenant } from './tenant.ts'

/** Lets a scripted fault happen to the requests it matches, as often as it was told to, the oldest fault first. */
export function applyFaults(tenant: Tenant): MiddlewareHandler<TenantEnv> {
  return async (c, next) => {
    const bearer = c.get('bearer')
    const fault = takeFault(tenant, { method: c.req.method, path: c.req.path, bearer })
    if (fault === null) return next()
    annotate(c, { faultId: fault.id })
    c.set('fault', fault)
    if (fault.delayMs > 0) await tenant.wait(fault.delayMs)
    if (!fault.dropBefore && hasAnswer(fault)) return faultResponse(tenant, fault)
    if (!fault.dropBefore) await next()
    if (!fault.dropBefore && !fault.dropAfter) return
    annotate(
      c,
      fault.dropBefore
        ? { status: 0, errorCode: 'dropped_before' }
        : { status: c.res.status, errorCode: 'dropped_after' },
    )
    dropConnection(c)
  }
}

/** The client sees what a broken network shows it: a connection that ends, or in one process a fetch that fails. */
function dropConnection(c: Context<TenantEnv>): void {
  c.env.drop?.()
  c.env.incoming?.socket.destroy()
  c.res = c.env.incoming === undefined ? new Response(null) : RESPONSE_ALREADY_SENT.clone()
}

export type FaultTarget = { method: string; path: string; bearer: Bearer | undefined }

/** Takes one use of the oldest fault that matches the request and is lucky, or null. */
export function takeFault(tenant: Tenant, target: FaultTarget): Fault | null {
  if (tenant.faults.size === 0) return null
  const fault = tenant.faults.find(
    (one) => concerns(tenant, one, target) && tenant.chance.happens(one.probability ?? 1),
  )
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
  return new RegExp(`^${pattern}$`, 'i').test(decoded(path))
}

function concerns(tenant: Tenant, fault: Fault, target: FaultTarget): boolean {
  if (fault.times <= 0 || !matches(fault.match, target.method, target.path)) return false
  if (fault.mailbox === undefined || fault.mailbox === null) return true
  return tenant.findUser(fault.mailbox)?.id === mailboxNamed(tenant, target)?.id
}

/** The mailbox a path of Graph names, `/me` being the token's own. */
function mailboxNamed(tenant: Tenant, { path, bearer }: FaultTarget): User | undefined {
  const named = /^\/v1\.0\/users(?:\/|\(')([^/']+)/i.exec(decoded(path))?.[1]
  if (named !== undefined) return tenant.findUser(named)
  const isOwn = /^\/v1\.0\/me(\/|$)/i.test(path) && bearer?.ok === true
  return isOwn ? tenant.users.get(bearer.token.accountId ?? '') : undefined
}
