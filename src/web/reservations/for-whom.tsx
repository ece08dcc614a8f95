import { Select, TextInput } from '@mantine/core'
import type { z } from 'zod'
import type { readReservingRules } from '#reservations/contract.ts'
import { type DirectoryEntry, useDirectory } from '../people/use-directory.ts'

export type ReservingRules = z.output<typeof readReservingRules.answer>

type ForWhomProps = {
  value: DirectoryEntry | null
  onChange: (person: DirectoryEntry | null) => void
  /** What the room's rules say; undefined until it is known. */
  rules: ReservingRules | undefined
  error?: string
}

/** Whose meeting it will be: oneself, or somebody else where the room allows it. Where it does not, the reason stands beside it. */
export function ForWhom({ value, onChange, rules, error }: ForWhomProps) {
  const { found, search } = useDirectory()
  if (rules === undefined) return null
  if (!rules.forOthers) {
    return (
      <TextInput
        label="For"
        size="md"
        value="Myself"
        readOnly
        variant="filled"
        description={rules.notForOthersBecause}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
    )
  }
  const people = value === null || found.some(({ id }) => id === value.id) ? found : [value, ...found]
  return (
    <Select
      label="For"
      size="md"
      placeholder="Myself"
      description={calendarWords(rules, value)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={people.map(({ id, displayName, email }) => ({ value: id, label: `${displayName} (${email})` }))}
      filter={({ options }) => options}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'For myself' }}
      nothingFoundMessage="Type a name or an e-mail address."
      onSearchChange={search}
      value={value?.id ?? null}
      onChange={(id) => onChange(people.find((person) => person.id === id) ?? null)}
      error={error}
    />
  )
}

function calendarWords({ organizer }: ReservingRules, value: DirectoryEntry | null): string | undefined {
  const whose = value === null ? 'your calendar' : `the calendar of ${value.displayName}`
  if (organizer === 'person') return `The meeting is put in ${whose}.`
  if (organizer === null) return undefined
  return value === null ? 'You are invited to the meeting.' : `${value.displayName} is invited to the meeting.`
}
