import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { changeReservation, type Reservation } from '#reservations/contract.ts'
import { Banner } from '../design/banner.tsx'
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
import { ReservationFields } from './reservation-fields.tsx'
import { clashIn } from './room-clash.ts'
import { SideSheet } from './side-sheet.tsx'
import type { Directory } from './use-directory.ts'

type ChangeSheetProps = {
  reservation: Reservation
  opened: boolean
  readerZone: string
  today: string
  directory: Directory
  onClose: () => void
}

/** Changing time, subject, people, notes or privacy of a reservation. Mount it anew for each opening. */
export function ChangeSheet({ reservation, opened, readerZone, today, directory, onClose }: ChangeSheetProps) {
  const [before, setBefore] = useState(reservation)
  const [draft, setDraft] = useState(() => draftOf(reservation))
  const [errors, setErrors] = useState<FieldErrors>({})
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (body: ChangeBody) => call(changeReservation, { params: { id: reservation.id }, body }),
    onSuccess: onClose,
    onSettled: () => queries.invalidateQueries({ queryKey: ['reservations'] }),
  })
  const problem = change.error ? asProblem(change.error) : null
  const overtaken = problem?.code === 'reservations.changed_by_someone_else'
  const send = () => {
    const found = draftErrors(draft)
    setErrors(found)
    if (Object.keys(found).length > 0) return
    const body = changeBody(draft, before)
    if (body === null) onClose()
    else change.mutate(body)
  }
  return (
    <SideSheet
      opened={opened}
      title="Change the reservation"
      onClose={onClose}
      onSubmit={send}
      footer={
        <Button type="submit" size="md" fullWidth loading={change.isPending} disabled={overtaken}>
          Save the change
        </Button>
      }
    >
      {overtaken ? (
        <Banner
          meaning="attention"
          title="Someone else changed this meanwhile"
          action={
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setBefore(reservation)
                change.reset()
              }}
            >
              Keep my text and go on
            </Button>
          }
        >
          What you typed is still here. The page behind shows their version; saving now replaces only what you changed.
        </Banner>
      ) : null}
      {problem && !overtaken ? (
        <Text c="red" role="alert">
          {clashIn(problem)?.say ?? problem.detail}
        </Text>
      ) : null}
      <Text c="dimmed">
        {reservation.room.name}, {reservation.room.building.name}
      </Text>
      <ReservationFields
        draft={draft}
        onChange={(next) => {
          setErrors({})
          setDraft(next)
        }}
        errors={{ ...fieldErrors(problem?.fields ?? {}), ...errors }}
        timeZone={reservation.timeZone}
        readerZone={readerZone}
        today={today}
        directory={directory}
      />
    </SideSheet>
  )
}
