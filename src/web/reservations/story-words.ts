import type { Story } from '#sync/story.contract.ts'
import type { SideBySideRow } from '../design/side-by-side.tsx'
import { dateOf, dayText, spanText } from '../rooms/wall-time.ts'

type Room = NonNullable<Story['room']>

/** Ours and the room's copy, field by field. Subject and privacy are left to the room, which rewrites both, and count as no difference. */
export function copyRows({ here, timeZone }: Story, room: Room): SideBySideRow[] {
  return [
    { label: 'Subject', left: here.subject ?? '', right: room.subject || 'None', same: true },
    {
      label: 'Time',
      left: timeWords(here, timeZone),
      right: timeWords(room, timeZone),
      same: here.startsAt === room.startsAt && here.endsAt === room.endsAt,
    },
    { label: 'Private', left: yesOrNo(here.isPrivate), right: yesOrNo(room.isPrivate), same: true },
    { label: 'Invited', left: people(here.people), right: people(room.people), same: true },
  ]
}

/** What both sides last agreed on, against what we say now. */
export function agreedWords({ agreed, here, timeZone }: Story): string {
  if (agreed === null) return 'Both sides have not agreed on anything yet.'
  const differs = [
    agreed.subject === 'other' ? 'the subject' : null,
    agreed.startsAt !== here.startsAt || agreed.endsAt !== here.endsAt
      ? `the time (it was ${timeWords(agreed, timeZone)})`
      : null,
    agreed.notes === 'other' ? 'the notes' : null,
    agreed.isPrivate !== here.isPrivate ? 'the privacy' : null,
    people(agreed.people) !== people(here.people) ? 'the guests' : null,
  ].filter((part) => part !== null)
  if (differs.length === 0) return 'Nothing was changed here since both sides last agreed.'
  return `Changed here since both sides last agreed: ${new Intl.ListFormat('en').format(differs)}.`
}

const answers: Record<Room['answer'], string> = {
  none: 'The room has not answered.',
  tentative: 'The room has passed it on to the people who look after it.',
  accepted: 'The room has accepted.',
  declined: 'The room has declined.',
  organizer: 'The room made it itself.',
}

/** What else the room's copy says: its answer, whose meeting it thinks it is, and since when it says so or is gone. */
export function roomWords({ answer, organizer, changedAt, goneAt, goneWhy }: Room, timeZone: string): string {
  const whose = organizer === null ? '' : ` Its organizer is ${organizer}.`
  if (goneAt !== null) {
    const how = goneWhy === 'cancelled' ? 'was cancelled' : 'is no longer there'
    return `That copy ${how} since ${momentWords(goneAt, timeZone)}.${whose}`
  }
  return `${answers[answer]}${whose} It says so since ${momentWords(changedAt, timeZone)}. Rooms often replace the subject by the organizer’s name and clear the private flag.`
}

function timeWords({ startsAt, endsAt }: Pick<Room, 'startsAt' | 'endsAt'>, timeZone: string): string {
  const [from, to] = [Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt)]
  const day = dateOf(from, timeZone)
  return `${dayText(day, day)}, ${spanText(from, to, timeZone)}`
}

function momentWords(at: string, timeZone: string): string {
  const shown = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  return new Intl.DateTimeFormat('en-GB', { ...shown, timeZone }).format(new Date(at))
}

function people(addresses: readonly string[] | null): string {
  if (addresses === null) return ''
  return addresses.length === 0 ? 'Nobody else' : addresses.join('\n')
}

function yesOrNo(value: boolean | null): string {
  return value === null ? '' : value ? 'Yes' : 'No'
}
