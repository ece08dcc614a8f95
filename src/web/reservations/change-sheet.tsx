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

/** Changing a reservation, or proposing a change to whoever may make it. Mount it anew for each opening. */
export function ChangeSheet({ reservation, opened, readerZone, today, directory, onClose }: ChangeSheetProps) {
  const { draft, type, errors, pending, overtaken, problem, send, goOn } = useChanging(reservation, onClose)
  const proposes = reservation.changesAreProposed !== null
  return (
    <SideSheet
      opened={opened}
      title={proposes ? 'Propose a change' : 'Change the reservation'}
      onClose={onClose}
      onSubmit={send}
      footer={
        <Button type="submit" size="md" fullWidth loading={pending} disabled={overtaken}>
          {proposes ? `Propose it to ${reservation.requestedFor.displayName}` : 'Save the change'}
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
      {proposes ? <WhomItGoesTo reservation={reservation} /> : null}
      <ReservationFields
        draft={draft}
        onChange={type}
        errors={errors}
        timeZone={reservation.timeZone}
        readerZone={readerZone}
        today={today}
        directory={directory}
        proposing={proposes}
      />
    </SideSheet>
  )
}

function WhomItGoesTo({ reservation: { requestedFor } }: Pick<ChangeSheetProps, 'reservation'>) {
  const { displayName, email } = requestedFor
  return (
    <Banner meaning="neutral" title={`Only ${displayName} can change this meeting`}>
      What you propose is mailed to {displayName} at {email}. When they change it in Outlook, it changes here by itself.
    </Banner>
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
