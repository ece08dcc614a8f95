import { z } from 'zod'
import type { ApiProblem } from '../shell/api-problem.ts'

const alternative = z.object({ roomId: z.string(), name: z.string(), capacity: z.number() })
const facts = z.object({ alternatives: z.array(alternative).default([]) })

export type Alternative = z.output<typeof alternative>
export type RoomClash = { say: string; alternatives: readonly Alternative[] }

/** Somebody was faster: the server's sentence, and the rooms that are free then. Null for any other problem. */
export function clashIn(problem: ApiProblem | null): RoomClash | null {
  if (problem?.code !== 'reservations.room_taken') return null
  return { say: problem.detail, alternatives: facts.safeParse(problem.facts).data?.alternatives ?? [] }
}
