import { expect, test } from 'vitest'
import { consoleDestinations, mayOpen, placeOf, portalDestinations } from './destinations.tsx'

test.each([
  ['/console', 'Set up'],
  ['/console/aliases', 'Connection & Credential Aliases'],
  ['/console/credentials/01a2', 'Credentials'],
])('%s belongs to %s', (pathname, title) => {
  expect(placeOf(pathname)?.page.title).toBe(title)
})

test('an address that is nobody’s has no place', () => {
  expect(placeOf('/console/nothing')).toBeNull()
})

test('no two places have the same letter', () => {
  const letters = [...portalDestinations, ...consoleDestinations].map(({ key }) => key)
  expect(new Set(letters).size).toBe(letters.length)
})

test('an administrator opens everything, an employee only what is for everybody', () => {
  const openTo = (roles: string[]) =>
    [...portalDestinations, ...consoleDestinations].filter((place) => mayOpen(place, roles)).map(({ title }) => title)
  expect(openTo(['admin'])).toContain('Users')
  expect(openTo(['credential_admin'])).toContain('Credentials')
  expect(openTo(['credential_admin'])).not.toContain('Users')
  expect(openTo(['employee'])).toEqual(['Find a room', 'My reservations', 'My connections'])
})
