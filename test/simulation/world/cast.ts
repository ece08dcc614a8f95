/** Who and what is in every run: few of each, so that they meet often. */

export type Person = { id: string; name: string; email: string; timeZone: string }
export type Building = { id: string; name: string; timeZone: string }

export const domain = 'contoso.example'
export const tenantId = idOf('f', 0)

export const people: readonly Person[] = ['Alice Meyer', 'Bob Tanaka', 'Carla Rossi', 'David Stone'].map(
  (name, index) => ({
    id: idOf('a', index),
    name,
    email: `${name.toLowerCase().replace(' ', '.')}@${domain}`,
    timeZone: 'UTC',
  }),
)

/** Somebody who has a mailbox and is not known to Anteroom. */
export const stranger: Person = { id: idOf('a', 9), name: 'Zoe Quist', email: `zoe.quist@${domain}`, timeZone: 'UTC' }

/** The mailbox that organises in strict mode and acts for the system in personal mode. */
export const delegate: Person = {
  id: idOf('b', 0),
  name: 'Room Service',
  email: `room.service@${domain}`,
  timeZone: 'UTC',
}

/** Application registrations of the shipped records. */
export const apps = { delegated: idOf('c', 0), application: idOf('c', 1) }

/** One id from a letter and a number, for what is the same in every run. */
export function idOf(kind: string, number: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`
}
