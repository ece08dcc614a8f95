import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type CalendarItem, calendarItem } from './calendar-copy.ts'
import { call, type Graph } from './client.ts'
import type { GraphOutcome, GraphProblem } from './graph-problem.ts'
import { pathInLink } from './link.ts'

/** One page of a calendar's list or of its changes. */
export type CalendarPage = {
  items: CalendarItem[]
  /** Path and query of the page after it; null when this was the last. */
  next: string | null
  /** Path and query of the next round of changes; only the last page of a round has it. */
  end: string | null
  /** The same for pages that say the same, so that a list that never ends is noticed. */
  digest: string
}

const page = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
})

export type PageRequest = {
  path: string
  /** Without its query: the only path that a link of the answer may lead to. */
  listPath: string
  prefer: readonly string[]
}

/** Asks for one page. A link that leads anywhere else is the problem `foreign_link`; nothing was called there. */
export async function readCalendarPage(graph: Graph, request: PageRequest): Promise<GraphOutcome<CalendarPage>> {
  const { path, listPath, prefer } = request
  const outcome = await call(
    graph,
    { method: 'GET', path, prefer: ['outlook.timezone="UTC"', plainBodies, ...prefer] },
    page,
  )
  if (outcome.is === 'problem') return outcome
  const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = outcome.value
  const next = nextLink === undefined ? null : pathInLink(nextLink, listPath)
  const end = deltaLink === undefined ? null : pathInLink(deltaLink, listPath)
  if ((nextLink !== undefined && next === null) || (deltaLink !== undefined && end === null)) return foreign(outcome)
  return { ...outcome, value: { items: value.map(calendarItem), next, end, digest: digestOf(value) } }
}

/** Bodies are nothing of ours, and as HTML they are most of an answer. */
const plainBodies = 'outlook.body-content-type="text"'

function foreign({ requestId }: { requestId: string | null }): GraphProblem {
  const message = 'A link of the answer leads to another host or another resource. It was not followed.'
  return { is: 'problem', status: 200, code: 'foreign_link', message, requestId, retryAfterMs: null }
}

function digestOf(value: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url')
}
