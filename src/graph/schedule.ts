import { z } from 'zod'
import { call, type Graph } from './client.ts'
import { instantOf } from './event.ts'
import { type Mailbox, ownerPath } from './events.ts'
import type { GraphOutcome } from './graph-problem.ts'

export type BusyTime = { startsAt: Date; endsAt: Date }

/** Graph takes at most so many addresses in one question (calendar-getschedule). */
export const schedulesMax = 20

const time = z.object({ dateTime: z.string(), timeZone: z.string() })
const schedules = z.object({
  value: z.array(
    z.object({
      scheduleId: z.string(),
      scheduleItems: z.array(z.object({ status: z.string(), start: time, end: time })).nullish(),
      error: z.object({ responseCode: z.string().nullish() }).nullish(),
    }),
  ),
})

/**
 * When mailboxes are busy within a span, as the owner of the mailbox, or the application, may see it (calendar-getschedule). Keys are addresses in lower case; null
 * for one that Exchange says nothing about.
 */
export async function getSchedule(
  graph: Graph,
  mailbox: Mailbox,
  { addresses, startsAt, endsAt }: BusyTime & { addresses: readonly string[] },
): Promise<GraphOutcome<Map<string, BusyTime[] | null>>> {
  const body = {
    schedules: addresses.slice(0, schedulesMax),
    startTime: inUtc(startsAt),
    endTime: inUtc(endsAt),
    availabilityViewInterval: 30,
  }
  const path = `${ownerPath(mailbox)}/calendar/getSchedule`
  const outcome = await call(graph, { method: 'POST', path, body, prefer: ['outlook.timezone="UTC"'] }, schedules)
  if (outcome.is === 'problem') return outcome
  const entries = outcome.value.value.map(({ scheduleId, scheduleItems, error }) => {
    const items = (scheduleItems ?? []).filter(({ status }) => status !== 'free')
    const busy = items.map(({ start, end }) => ({ startsAt: instantOf(start), endsAt: instantOf(end) }))
    return [scheduleId.toLowerCase(), error ? null : busy] as const
  })
  return { ...outcome, value: new Map(entries) }
}

function inUtc(instant: Date) {
  return { dateTime: instant.toISOString().slice(0, 19), timeZone: 'UTC' }
}
