import type { AppRecord, Tenant } from '../tenant.ts'
import { type EntraProblem, refusal } from './problem.ts'

const shared = ['common', 'organizations', 'consumers']

export const isSharedAuthority = (segment: string) => shared.includes(segment.toLowerCase())

/** Is `{tenant}` of the path this tenant (its id, its domain) or one of the shared authorities? */
export function authorityProblem(tenant: Tenant, segment: string): EntraProblem | null {
  const { tenantId, domain } = tenant.directory
  const ours = [tenantId, domain, ...shared].map((name) => name.toLowerCase())
  return ours.includes(segment.toLowerCase()) ? null : refusal(90002, `Tenant '${segment}' not found.`)
}

/** The app named by a request, or why it cannot be used under this authority. */
export function findClient(
  tenant: Tenant,
  clientId: string | undefined,
  segment: string,
): { ok: true; app: AppRecord } | { ok: false; problem: EntraProblem } {
  const strange = authorityProblem(tenant, segment)
  if (strange !== null) return { ok: false, problem: strange }
  if (clientId === undefined || clientId === '') return { ok: false, problem: refusal(900144, "Missing: 'client_id'.") }
  const app = tenant.findApp(clientId)
  if (app === undefined) {
    const where = `Application '${clientId}', directory '${tenant.directory.displayName}'.`
    return { ok: false, problem: refusal(700016, where) }
  }
  if (!app.enabled) return { ok: false, problem: refusal(7000112) }
  if (isSharedAuthority(segment) && app.multiTenant !== true) return { ok: false, problem: refusal(50194) }
  return { ok: true, app }
}
