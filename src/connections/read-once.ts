import { Refusal } from '#kit/refusal.ts'
import { connectionFetch } from './connection-fetch.ts'
import type { ConnectionsDeps } from './deps.ts'
import type { Outlet } from './outlet.ts'
import type { Use } from './token-use.ts'

/** A GET of the address itself. What 401 and 403 mean is certain; that there is nothing to read says nothing about the credential. */
export async function readOnce(
  deps: ConnectionsDeps,
  outlet: Outlet,
  use: Use,
): Promise<{ ok: boolean | null; say: string }> {
  const { host, pathname } = new URL(outlet.baseUrl)
  const where = `${host}${pathname === '/' ? '' : pathname}`
  try {
    const call = connectionFetch(deps, outlet, { use })
    const { status, ok } = await call(outlet.baseUrl, {}, { retries: false })
    if (ok) return { ok: true, say: `${where} answered with ${status}.` }
    if (status === 401) return { ok: false, say: `${where} answered with 401: it does not accept the credential.` }
    if (status === 403) return { ok: false, say: `${where} answered with 403: it does not let the credential in here.` }
    return {
      ok: null,
      say: `${where} answered with ${status}. It is reached; whether it accepts the credential, only a real call shows.`,
    }
  } catch (problem) {
    if (problem instanceof Refusal) return { ok: false, say: problem.message }
    throw problem
  }
}
