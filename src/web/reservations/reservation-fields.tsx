import { Stack, Switch, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { PeoplePicker } from '../people/people-picker.tsx'
import type { Directory } from '../people/use-directory.ts'
import { DayField, TimeFields } from '../rooms/day-and-time.tsx'
import { addMinutes, instantAt, minutesBetween, sameClock, timeOf, zoneName } from '../rooms/wall-time.ts'
import type { FieldErrors, ReservationDraft } from './reservation-draft.ts'
import styles from './reservation-fields.module.css'

type ReservationFieldsProps = {
  draft: ReservationDraft
  onChange: (draft: ReservationDraft) => void
  errors: FieldErrors
  timeZone: string
  readerZone: string
  today: string
  directory: Directory
  /** Below the time: for whom it is. */
  forWhom?: ReactNode
  /** Only what can be proposed to somebody who organises: guests and notes are theirs. */
  proposing?: boolean
}

/** The fields of a reservation, for a new one, for a change and for a proposal. */
export function ReservationFields(props: ReservationFieldsProps) {
  const { draft, onChange, errors, timeZone, readerZone, today, directory, forWhom, proposing = false } = props
  const set = (part: Partial<ReservationDraft>) => onChange({ ...draft, ...part })
  const moveStart = (from: string) =>
    set({ from, to: addMinutes(from, Math.max(15, minutesBetween(draft.from, draft.to))) })
  return (
    <Stack gap="md">
      <TextInput
        label="Subject"
        size="md"
        required
        maxLength={255}
        data-autofocus
        value={draft.subject}
        onChange={(event) => set({ subject: event.currentTarget.value })}
        error={errors.subject}
      />
      <div className={styles.times}>
        <DayField value={draft.date} today={today} onChange={(date) => set({ date })} error={errors.date} />
        <TimeFields from={draft.from} to={draft.to} onFrom={moveStart} onTo={(to) => set({ to })} errors={errors} />
      </div>
      <ZoneLine draft={draft} timeZone={timeZone} readerZone={readerZone} />
      {forWhom}
      {proposing ? null : <GuestsAndNotes draft={draft} set={set} errors={errors} directory={directory} />}
      <Switch
        label="Private"
        description="Others see only that the room is taken."
        checked={draft.isPrivate}
        onChange={(event) => set({ isPrivate: event.currentTarget.checked })}
      />
    </Stack>
  )
}

type GuestsAndNotesProps = Pick<ReservationFieldsProps, 'draft' | 'errors' | 'directory'> & {
  set: (part: Partial<ReservationDraft>) => void
}

function GuestsAndNotes({ draft, set, errors, directory }: GuestsAndNotesProps) {
  return (
    <>
      <PeoplePicker
        value={draft.invitees}
        onChange={(invitees) => set({ invitees })}
        directory={directory}
        error={errors.invitees}
      />
      <Textarea
        label="Notes"
        size="md"
        autosize
        minRows={3}
        maxRows={10}
        maxLength={10_000}
        value={draft.notes}
        onChange={(event) => set({ notes: event.currentTarget.value })}
        error={errors.notes}
      />
    </>
  )
}

function ZoneLine({ draft, timeZone, readerZone }: Pick<ReservationFieldsProps, 'draft' | 'timeZone' | 'readerZone'>) {
  const at = instantAt(draft.date, draft.from, timeZone)
  if (sameClock(timeZone, readerZone, at)) return null
  return (
    <p className={styles.zone}>
      {zoneName(timeZone, at)}; that is {timeOf(at, readerZone)} for you.
    </p>
  )
}
