import { z } from 'zod'
import type { Invitee } from '../reservations/reservation-draft.ts'

/** The address that was typed, once it is a whole one. */
export function emailIn(text: string): string | null {
  return z.email().safeParse(text.trim()).data ?? null
}

/** Who can be added: people of the directory, and the typed address; nobody twice, whatever the case of the letters. */
export function offeredPeople(
  found: readonly Invitee[],
  chosen: readonly Invitee[],
  typed: string | null,
): readonly Invitee[] {
  const open = found
    .filter(({ email }) => !isAmong(chosen, email))
    .map(({ email, displayName }) => ({ email, displayName }))
  const isNew = typed !== null && !isAmong(chosen, typed) && !isAmong(open, typed)
  return isNew ? [...open, { email: typed, displayName: '' }] : open
}

function isAmong(people: readonly Invitee[], email: string): boolean {
  return people.some((person) => person.email.toLowerCase() === email.toLowerCase())
}
