import { Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Reservation } from '#reservations/contract.ts'
import { Banner } from '../design/banner.tsx'
import { stateWords } from './reservation-state.ts'

/** Why a reservation is in its state, read out when it changes, and the way on. */
export function StateNotice({ reservation, children }: { reservation: Reservation; children?: ReactNode }) {
  const { meaning, word, sentence } = stateWords(reservation)
  return (
    <Banner meaning={meaning} title={word}>
      <Stack gap="sm">
        <span>{sentence}</span>
        {children}
      </Stack>
    </Banner>
  )
}
