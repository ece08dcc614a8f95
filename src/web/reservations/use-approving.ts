import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { approveReservation, rejectReservation } from '#reservations/contract.ts'
import { call } from '../shell/api.ts'
import { useBulk } from '../shell/use-bulk.ts'

export type Verb = 'approve' | 'reject'

const endpoints = { approve: approveReservation, reject: rejectReservation }

/** Approving and rejecting, one or many, after one question with room for a word: what is asked about, how far it is, and what came of it. */
export function useApproving() {
  const queries = useQueryClient()
  const [asked, setAsked] = useState<{ verb: Verb; ids: readonly string[] } | null>(null)
  const [done, setDone] = useState('approved')
  const onDone = () => void queries.invalidateQueries({ queryKey: ['reservations'] })
  const { run, progress, outcomes, forget } = useBulk({ atOnce: 1, onDone })
  return {
    asked,
    ask: (verb: Verb, ids: readonly string[]) => {
      forget()
      setAsked({ verb, ids })
    },
    close: () => setAsked(null),
    confirm: async (comment: string) => {
      if (asked === null) return
      const { verb, ids } = asked
      setAsked(null)
      setDone(verb === 'approve' ? 'approved' : 'rejected')
      await run(ids, ([id = '']) => decide(verb, { id, comment }))
    },
    progress,
    outcomes,
    /** In the past tense, for the sentence about what came of it. */
    done,
    forget,
  }
}

async function decide(verb: Verb, { id, comment }: { id: string; comment: string }) {
  await call(endpoints[verb], { params: { id }, body: { comment } })
  return [{ id, meaning: 'good' as const, say: verb === 'approve' ? 'Approved' : 'Rejected' }]
}
