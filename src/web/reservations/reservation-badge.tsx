import type { Reservation } from '#reservations/contract.ts'
import { StatusBadge } from '../design/status-badge.tsx'
import { stateWords } from './reservation-state.ts'

type ReservationBadgeProps = {
  reservation: Pick<Reservation, 'state' | 'stateReason' | 'permissionNeeded' | 'approval'>
  variant?: 'pill' | 'plain'
}

export function ReservationBadge({ reservation, variant = 'pill' }: ReservationBadgeProps) {
  const { meaning, word } = stateWords(reservation)
  return <StatusBadge meaning={meaning} word={word} variant={variant} />
}
