import { Button, Text } from '@mantine/core'
import type { Reservation } from '#reservations/contract.ts'
import type { Room } from '#rooms/contract.ts'
import { SideSheet } from '../design/side-sheet.tsx'
import type { Directory } from '../people/use-directory.ts'
import { ClashNotice } from './clash-notice.tsx'
import { DraftPermission } from './draft-permission.tsx'
import { ForWhom, type ReservingRules } from './for-whom.tsx'
import type { FieldErrors, ReservationDraft } from './reservation-draft.ts'
import { ReservationFields } from './reservation-fields.tsx'
import type { Alternative, RoomClash } from './room-clash.ts'

type ReserveSheetProps = {
  opened: boolean
  room: Room
  draft: ReservationDraft
  onChange: (draft: ReservationDraft) => void
  errors: FieldErrors
  clash: RoomClash | null
  /** Any other refusal, as a sentence. */
  problem: string | null
  pending: boolean
  /** The kept reservation that waits for the person's permission. */
  waiting: Reservation | null
  readerZone: string
  today: string
  directory: Directory
  /** What the room's rules say; undefined until it is known. */
  rules: ReservingRules | undefined
  onBook: () => void
  onSwitchRoom: (alternative: Alternative) => void
  onClose: () => void
}

/** Reserving one room: what, when, with whom, and one button. */
export function ReserveSheet(props: ReserveSheetProps) {
  const { opened, room, draft, errors, clash, problem, pending, waiting, onClose } = props
  if (waiting?.permissionNeeded) {
    return (
      <SideSheet opened={opened} title="One permission first" onClose={onClose}>
        <DraftPermission
          reservation={waiting}
          permission={waiting.permissionNeeded}
          kept="Your reservation is kept, and goes on by itself afterwards."
          onLater={onClose}
        />
      </SideSheet>
    )
  }
  return (
    <SideSheet
      opened={opened}
      title={`Book ${room.name}`}
      onClose={onClose}
      onSubmit={props.onBook}
      footer={
        <>
          {problem === null ? null : (
            <Text c="red" role="alert">
              {problem}
            </Text>
          )}
          <Button type="submit" size="md" fullWidth loading={pending}>
            Book {room.name}
          </Button>
        </>
      }
    >
      <Text c="dimmed">
        {room.building.name} · {room.capacity} people{room.needsApproval ? ' · needs approval' : ''}
      </Text>
      {clash === null ? null : <ClashNotice clash={clash} verb="Switch to" onChoose={props.onSwitchRoom} />}
      <ReservationFields
        draft={draft}
        onChange={props.onChange}
        errors={errors}
        timeZone={room.building.timeZone}
        readerZone={props.readerZone}
        today={props.today}
        directory={props.directory}
        forWhom={
          <ForWhom
            value={draft.requestedFor}
            onChange={(requestedFor) => props.onChange({ ...draft, requestedFor })}
            rules={props.rules}
            error={errors.requestedFor}
          />
        }
      />
    </SideSheet>
  )
}
