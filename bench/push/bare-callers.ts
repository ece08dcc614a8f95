import { registerOutlook } from '../stage/outlook-app.ts'
import type { Stage } from '../stage/stage.ts'

/** What one mailbox is called with at a time: our own limit, one below Exchange's. */
export const callsAtATime = 3

const measuredMs = 5_000

/**
 * What the limit allows on this machine now: as many callers at a time as we let through to these mailboxes, who make one event after the
 * other and do nothing else. No queue, no database, no order, nothing written down. Events a second.
 */
export async function bareCreates({ tenant }: Stage, mailboxes: readonly string[]): Promise<number> {
  const authorization = `Bearer ${await registerOutlook(tenant)}`
  const headers = { authorization, 'content-type': 'application/json' }
  const startedAt = performance.now()
  let made = 0
  const callOn = async (mailbox: string) => {
    while (performance.now() - startedAt < measuredMs) {
      const body = JSON.stringify(eventOf(made))
      const answer = await fetch(`${tenant.origin}/v1.0/users/${mailbox}/events`, { method: 'POST', headers, body })
      if (answer.status !== 201) throw new Error(`a bare create was answered ${answer.status} ${await answer.text()}`)
      await answer.arrayBuffer()
      made += 1
    }
  }
  await Promise.all(mailboxes.flatMap((mailbox) => Array.from({ length: callsAtATime }, () => callOn(mailbox))))
  return made / ((performance.now() - startedAt) / 1_000)
}

/** Far from the hours that are booked. */
function eventOf(n: number) {
  const at = (minutes: number) => ({
    dateTime: new Date(Date.UTC(2035, 0, 1, 0, n * 10 + minutes)).toISOString(),
    timeZone: 'UTC',
  })
  const attendees = [{ type: 'resource', emailAddress: { address: 'bench-1@contoso.example' } }]
  return { subject: `Bare ${n}`, start: at(0), end: at(5), attendees }
}
