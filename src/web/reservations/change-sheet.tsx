import { Button, Text } from '@mantine/core'
import type { Reservation } from '#reservations/contract.ts'
import { Banner } from '../design/banner.tsx'
import { SideSheet } from '../design/side-sheet.tsx'
import type { Directory } from '../people/use-directory.ts'
import { ReservationFields } from './reservation-fields.tsx'
import { useChanging } from './use-changing.ts'

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
  const { draft, type, errors, pending, overtaken, problem, send, goOn } = useChanging(reservation, onClose)
  return (
    <SideSheet
      opened={opened}
      title="Change the reservation"
      onClose={onClose}
      onSubmit={send}
      footer={
        <Button type="submit" size="md" fullWidth loading={pending} disabled={overtaken}>
          Save the change
        </Button>
      }
    >
      {overtaken ? <Overtaken onGoOn={goOn} /> : null}
      {problem === null ? null : (
        <Text c="red" role="alert">
          {problem}
        </Text>
      )}
      <Text c="dimmed">
        {reservation.room.name}, {reservation.room.building.name}
      </Text>
      <ReservationFields
        draft={draft}
        onChange={type}
        errors={errors}
        timeZone={reservation.timeZone}
        readerZone={readerZone}
        today={today}
        directory={directory}
      />
    </SideSheet>
  )
}

function Overtaken({ onGoOn }: { onGoOn: () => void }) {
  return (
    <Banner
      meaning="attention"
      title="Someone else changed this meanwhile"
      action={
        <Button size="xs" variant="default" onClick={onGoOn}>
          Keep my text and go on
        </Button>
      }
    >
      What you typed is still here. The page behind shows their version; saving now replaces only what you changed.
    </Banner>
  )
}
