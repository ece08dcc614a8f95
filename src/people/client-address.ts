import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/**
 * The address a request came from. X-Forwarded-For is believed only as far as proxies of ours wrote it: each appends one
 * entry, so with N of them the N-th from the right is the client and everything before it is the client's own claim.
 */
export function clientAddress(context: Context, trustedProxyHops: number): string {
  if (trustedProxyHops > 0) {
    const forwarded = (context.req.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
    const claimed = forwarded.at(-trustedProxyHops)
    if (claimed) return claimed
  }
  return getConnInfo(context).remote.address ?? 'unknown'
}
