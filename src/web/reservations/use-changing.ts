import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeReservation, type Reservation } from '#reservations/contract.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import {
  type ChangeBody,
  changeBody,
  draftErrors,
  draftOf,
  type FieldErrors,
  fieldErrors,
} from './reservation-draft.ts'
import { clashIn } from './room-clash.ts'

/** The state of one change: what is typed, what was read before it, and what the server says. */
export function useChanging(reservation: Reservation, onDone: () => void) {
  const [before, setBefore] = useState(reservation)
  const [draft, setDraft] = useState(() => draftOf(reservation))
  const [errors, setErrors] = useState<FieldErrors>({})
  const queries = useQueryClient()
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (body: ChangeBody) => call(changeReservation, { params: { id: reservation.id }, body }),
    onSuccess: onDone,
    onSettled: () => queries.invalidateQueries({ queryKey: ['reservations'] }),
  })
  const problem = error ? asProblem(error) : null
  const overtaken = problem?.code === 'reservations.changed_by_someone_else'
  const send = () => {
    const found = draftErrors(draft)
    setErrors(found)
    if (Object.keys(found).length > 0) return
    const body = changeBody(draft, before)
    if (body === null) onDone()
    else mutate(body)
  }
  return {
    draft,
    type: (next: typeof draft) => {
      setErrors({})
      setDraft(next)
    },
    errors: { ...fieldErrors(problem?.fields ?? {}), ...errors },
    pending: isPending,
    /** Somebody else was faster; what is typed stays until the person says how to go on. */
    overtaken,
    problem: problem === null || overtaken ? null : (clashIn(problem)?.say ?? problem.detail),
    send,
    /** Takes the version that is there now as the one this change is made to. */
    goOn: () => {
      setBefore(reservation)
      reset()
    },
  }
}
