import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { cancelReservation, type Reservation } from '#reservations/contract.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'

/** Cancelling with one question before it: which reservation is asked about, and what came of it. */
export function useCancelling() {
  const queries = useQueryClient()
  const [asked, setAsked] = useState<Reservation | null>(null)
  const cancel = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      call(cancelReservation, { params: { id }, body: { reason } }),
    onSuccess: () => setAsked(null),
    onSettled: () => queries.invalidateQueries({ queryKey: ['reservations'] }),
  })
  return {
    asked,
    ask: (reservation: Reservation) => {
      cancel.reset()
      setAsked(reservation)
    },
    close: () => setAsked(null),
    confirm: (reason: string) => asked && cancel.mutate({ id: asked.id, reason }),
    busy: cancel.isPending,
    problem: cancel.error ? asProblem(cancel.error).detail : null,
  }
}
