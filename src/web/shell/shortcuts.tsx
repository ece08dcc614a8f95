import { Kbd, Modal } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { browser } from '../browser.ts'
import { KeyValue } from '../design/key-value.tsx'
import { consoleDestinations, mayOpen, portalDestinations } from './destinations.tsx'
import { usePerson } from './queries.ts'

/** How long after `g` the letter may come. Long enough to look for it, short enough that a stray `g` is forgotten. */
const chordMs = 1500

/** The keyboard: `/` to search, `?` for this help, `g` then a letter to go. Esc and Ctrl-K belong to what they close and open. */
export function Shortcuts() {
  const [helpOpen, setHelpOpen] = useState(false)
  const { roles } = usePerson()
  const places = [...portalDestinations, ...consoleDestinations].filter((place) => mayOpen(place, roles))
  const navigate = useNavigate()
  const go = (letter: string) => {
    const place = places.find(({ key }) => key === letter)
    if (place) void navigate({ to: place.to })
  }
  useKeys({ go, help: () => setHelpOpen(true) })
  return (
    <Modal
      opened={helpOpen}
      onClose={() => setHelpOpen(false)}
      title="Keyboard"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <KeyValue
        items={[
          { label: 'Search this page', value: <Kbd>/</Kbd> },
          { label: 'Go to anything', value: <Keys keys={['Ctrl', 'K']} /> },
          { label: 'Close', value: <Kbd>Esc</Kbd> },
          { label: 'This help', value: <Kbd>?</Kbd> },
          ...places.map(({ title, key }) => ({ label: title, value: <Keys keys={['g', key]} /> })),
        ]}
      />
    </Modal>
  )
}

function Keys({ keys: [first, second] }: { keys: readonly [string, string] }) {
  return (
    <>
      <Kbd>{first}</Kbd> <Kbd>{second}</Kbd>
    </>
  )
}

function useKeys(actions: { go: (letter: string) => void; help: () => void }): void {
  const latest = useRef(actions)
  latest.current = actions
  const chord = useRef<(() => void) | null>(null)
  useEffect(() => {
    const endChord = () => {
      chord.current?.()
      chord.current = null
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (chord.current !== null) {
        endChord()
        latest.current.go(event.key)
      } else if (event.key === 'g') chord.current = browser.later(endChord, chordMs)
      else if (event.key === '?') latest.current.help()
      else if (event.key === '/' && focusSearch()) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, [role="dialog"]') !== null
}

/** Focuses the page's own search field, or else the navigator's. Both carry `type="search"`. */
function focusSearch(): boolean {
  const find = (where: string) => document.querySelector<HTMLInputElement>(`${where} input[type="search"]`)
  const field = find('main') ?? find('body')
  field?.focus()
  field?.select()
  return field !== null
}
