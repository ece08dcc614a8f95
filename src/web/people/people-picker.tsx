import { Combobox, Pill, PillsInput, Text, useCombobox } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { Invitee } from '../reservations/reservation-draft.ts'
import { emailIn, offeredPeople } from './offered-people.ts'
import type { Directory } from './use-directory.ts'

type PeoplePickerProps = {
  value: readonly Invitee[]
  onChange: (people: readonly Invitee[]) => void
  directory: Directory
  error?: string
}

/** People from the directory, and anybody else by e-mail. Enter or a comma takes what was typed. */
export function PeoplePicker({ value, onChange, directory, error }: PeoplePickerProps) {
  const { combobox, text, type, offers, add, remove, settle, onKeyDown } = usePicking(value, onChange, directory)
  const unfinished = text !== '' && !combobox.dropdownOpened && emailIn(text) === null
  return (
    <Combobox store={combobox} onOptionSubmit={add} withinPortal={false}>
      <Combobox.DropdownTarget>
        <PillsInput
          label="Invite"
          description="People by name or e-mail. Outlook invites them."
          size="md"
          error={unfinished ? 'Enter a whole e-mail address.' : error}
          onClick={() => combobox.openDropdown()}
        >
          <Pill.Group>
            {value.map((person) => (
              <Picked key={person.email} name={person.displayName || person.email} onRemove={() => remove(person)} />
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                value={text}
                autoComplete="off"
                placeholder={value.length === 0 ? 'Nobody else yet' : undefined}
                onChange={(event) => type(event.currentTarget.value)}
                onFocus={() => combobox.openDropdown()}
                onBlur={settle}
                onKeyDown={onKeyDown}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={offers.length === 0}>
        <Combobox.Options aria-label="People">
          {offers.map((person) => (
            <Combobox.Option key={person.email} value={person.email}>
              <Offer person={person} />
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

function Picked({ name, onRemove }: { name: string; onRemove: () => void }) {
  const button = { 'aria-label': `Remove ${name}`, tabIndex: 0, 'aria-hidden': false }
  return (
    <Pill size="md" withRemoveButton removeButtonProps={button} onRemove={onRemove}>
      {name}
    </Pill>
  )
}

function Offer({ person: { displayName, email } }: { person: Invitee }) {
  if (displayName === '') return <Text size="md">Invite {email}</Text>
  return (
    <>
      <Text size="md">{displayName}</Text>
      <Text size="sm" c="dimmed">
        {email}
      </Text>
    </>
  )
}

function usePicking(value: readonly Invitee[], onChange: PeoplePickerProps['onChange'], directory: Directory) {
  const [text, setText] = useState('')
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const typed = emailIn(text)
  const offers = offeredPeople(directory.found, value, typed)
  const type = (next: string) => {
    setText(next)
    directory.search(next)
    combobox.openDropdown()
    combobox.updateSelectedOptionIndex()
  }
  const add = (email: string) => {
    const person = offers.find((offer) => offer.email === email)
    if (person) onChange([...value, person])
    type('')
    combobox.closeDropdown()
  }
  const remove = ({ email }: Invitee) => onChange(value.filter((person) => person.email !== email))
  /** Leaving the field keeps a whole address that was typed. */
  const settle = () => {
    if (typed) add(typed)
    combobox.closeDropdown()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = value.at(-1)
    const takes = event.key === 'Enter' || event.key === ',' || event.key === ';'
    if (event.key === 'Backspace' && text === '' && last) remove(last)
    if (!takes || text === '') return
    // An unfinished name must not send the form; the first offer is what the person means.
    event.preventDefault()
    const meant = typed ?? offers[0]?.email
    if (combobox.getSelectedOptionIndex() === -1 && meant) add(meant)
  }
  return { combobox, text, type, offers, add, remove, settle, onKeyDown }
}
