import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { book, type Reservation, readReservation } from '#reservations/contract.ts'
import { browser } from '../browser.ts'
import { call } from '../shell/api.ts'
import { type ApiProblem, asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import type { BookBody } from './reservation-draft.ts'

type Ask = Omit<BookBody, 'idempotencyKey'>
export type Reserving = {
  book: (ask: Ask) => void
  pending: boolean
  problem: ApiProblem | null
  /** What came of the last ask; a draft when permission is missing. */
  booked: Reservation | null
  reset: () => void
}

/** Sends a reservation. Pressing again after a lost answer sends the same key, so nothing is reserved twice. */
export function useReserving(onBooked: (reservation: Reservation) => void): Reserving {
  const queries = useQueryClient()
  const { keyOf, spend } = useIdempotencyKey()
  const { mutate, isPending, error, data, reset } = useMutation({
    mutationFn: (ask: Ask) => call(book, { body: { ...ask, idempotencyKey: keyOf(ask) } }),
    onSuccess: (reservation) => {
      spend()
      queries.setQueryData(asking(readReservation, { params: { id: reservation.id } }).queryKey, {
        reservation,
        history: [],
        alternatives: [],
      })
      void queries.invalidateQueries({ queryKey: ['reservations'] })
      onBooked(reservation)
    },
    // Whatever stood in the way, what the page shows is older than that.
    onError: () => queries.invalidateQueries({ queryKey: ['reservations'] }),
  })
  return { book: mutate, pending: isPending, problem: error ? asProblem(error) : null, booked: data ?? null, reset }
}

/** One key for one content: the same words sent again are the same reservation, until it was made. */
function useIdempotencyKey() {
  const last = useRef({ content: '', key: '' })
  return {
    keyOf: (ask: Ask): string => {
      const content = JSON.stringify(ask)
      if (last.current.content !== content) last.current = { content, key: browser.newId() }
      return last.current.key
    },
    /** From here on, the same words mean another reservation: the first may have been cancelled meanwhile. */
    spend: () => {
      last.current = { content: '', key: '' }
    },
  }
}
