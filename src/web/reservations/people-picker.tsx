import { Combobox, Pill, PillsInput, Text, useCombobox } from '@mantine/core'
import { useState } from 'react'
import { z } from 'zod'
import type { Invitee } from './reservation-draft.ts'
import type { Directory } from './use-directory.ts'

type PeoplePickerProps = {
  value: readonly Invitee[]
  onChange: (people: readonly Invitee[]) => void
  directory: Directory
  error?: string
}

/** People from the directory, and anybody else by e-mail. Enter or a comma takes what was typed. */
export function PeoplePicker({ value, onChange, directory, error }: PeoplePickerProps) {
  const [text, setText] = useState('')
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const typed = emailIn(text)
  const offers = offered(directory, value, typed)

  const type = (next: string) => {
    setText(next)
    directory.search(next)
    combobox.openDropdown()
    combobox.updateSelectedOptionIndex()
  }
  const add = (email: string) => {
    const person = offers.find((offer) => offer.email === email)
    if (person && !value.some((known) => sameAddress(known.email, email))) onChange([...value, person])
    type('')
    combobox.closeDropdown()
  }
  const remove = (email: string) => onChange(value.filter((person) => person.email !== email))

  return (
    <Combobox store={combobox} onOptionSubmit={add} withinPortal={false}>
      <Combobox.DropdownTarget>
        <PillsInput
          label="Invite"
          description="People by name or e-mail. Outlook invites them."
          size="md"
          error={text !== '' && !combobox.dropdownOpened && typed === null ? 'Enter a whole e-mail address.' : error}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group>
            {value.map((person) => (
              <Pill
                key={person.email}
                size="md"
                withRemoveButton
                removeButtonProps={{
                  'aria-label': `Remove ${person.displayName || person.email}`,
                  tabIndex: 0,
                  'aria-hidden': false,
                }}
                onRemove={() => remove(person.email)}
              >
                {person.displayName || person.email}
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                value={text}
                autoComplete="off"
                placeholder={value.length === 0 ? 'Nobody else yet' : undefined}
                onChange={(event) => type(event.currentTarget.value)}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  if (typed) add(typed)
                  combobox.closeDropdown()
                }}
                onKeyDown={(event) => {
                  const last = value.at(-1)
                  if (event.key === 'Backspace' && text === '' && last) remove(last.email)
                  if (event.key === ',' || event.key === ';') {
                    event.preventDefault()
                    if (typed) add(typed)
                  }
                  if (event.key === 'Enter' && text !== '') {
                    // An unfinished name must not send the form; the first offer is what the person means.
                    event.preventDefault()
                    const meant = typed ?? offers[0]?.email
                    if (combobox.getSelectedOptionIndex() === -1 && meant) add(meant)
                  }
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={offers.length === 0}>
        <Combobox.Options aria-label="People">
          {offers.map((person) => (
            <Combobox.Option key={person.email} value={person.email}>
              <Text size="md">{person.displayName || `Invite ${person.email}`}</Text>
              {person.displayName === '' ? null : (
                <Text size="sm" c="dimmed">
                  {person.email}
                </Text>
              )}
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function offered(directory: Directory, value: readonly Invitee[], typed: string | null): Invitee[] {
  const taken = (email: string) => value.some((person) => sameAddress(person.email, email))
  const known = directory.found
    .filter(({ email }) => !taken(email))
    .map(({ email, displayName }) => ({ email, displayName }))
  const isNew = typed !== null && !taken(typed) && !known.some(({ email }) => sameAddress(email, typed))
  return isNew ? [...known, { email: typed, displayName: '' }] : known
}

function emailIn(text: string): string | null {
  return z.email().safeParse(text.trim()).data ?? null
}

function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
