import { expect, test } from 'vitest'
import { guestsOf, isPartOf, transactionIdOf, wallTime } from './event-draft.ts'
import { bodyWithNotes, replaceNotes } from './notes-block.ts'

test('wall time and zone, so that the meeting keeps its hour', () => {
  const instant = new Date('2027-03-30T08:00:00Z')
  expect(wallTime(instant, 'Europe/Berlin')).toEqual({ dateTime: '2027-03-30T10:00:00', timeZone: 'Europe/Berlin' })
})

test('in the hour that autumn repeats, both instants are told apart', () => {
  const first = wallTime(new Date('2026-10-25T00:30:00Z'), 'Europe/Berlin')
  const second = wallTime(new Date('2026-10-25T01:30:00Z'), 'Europe/Berlin')
  expect(first).toEqual({ dateTime: '2026-10-25T02:30:00', timeZone: 'Europe/Berlin' })
  expect(second).toEqual({ dateTime: '2026-10-25T01:30:00', timeZone: 'UTC' })
})

test('a transaction id is the same for every attempt and another for every generation', () => {
  const id = '01a20b86-f461-7b13-9dc2-31b587311c07'
  expect(transactionIdOf(id, 1)).toBe(transactionIdOf(id, 1))
  expect(transactionIdOf(id, 2)).not.toBe(transactionIdOf(id, 1))
  expect(transactionIdOf(id, 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('notes are text and never markup', () => {
  const body = bodyWithNotes('<script>"1" & 2\nsecond line')
  expect(body).toContain('<div>&lt;script&gt;&quot;1&quot; &amp; 2<br>second line</div>')
  expect(body).not.toContain('<script>')
})

test('other notes leave what stands below the line as it is', () => {
  const theirs = '<p style="color:red">Join: <a href="https://teams.example/1">link</a></p></body></html>'
  const body = bodyWithNotes('Old').replace('</body></html>', theirs)
  const replaced = replaceNotes(body, 'New')
  expect(replaced).toContain('<div>New</div>')
  expect(replaced).not.toContain('Old')
  expect(replaced.endsWith(theirs)).toBe(true)
  expect(replaceNotes(replaced, 'Old')).toBe(body)
  expect(replaceNotes(bodyWithNotes('Old'), 'New')).toBe(bodyWithNotes('New'))
})

test('where somebody deleted the line, ours goes on top and nothing of theirs is lost', () => {
  const theirs = '<html><head><meta charset="utf-8"></head><body lang="en"><p>Agenda of ours</p></body></html>'
  const replaced = replaceNotes(theirs, 'New')
  expect(replaced).toContain('<body lang="en"><div>New</div>')
  expect(replaced).toContain('<p>Agenda of ours</p></body></html>')
  expect(replaceNotes('', 'New')).toContain('<div>New</div>')
})

test('the room and whoever the meeting is for are part of it, and no guests, also when they invite themselves', () => {
  const guest = (email: string) => ({ email, displayName: '' })
  const whole = {
    room: { mailbox: 'mercury@contoso.example' },
    requestedFor: { email: 'alice@contoso.example' },
    invitees: [guest('Alice@Contoso.example'), guest('bob@contoso.example')],
  } as unknown as Parameters<typeof guestsOf>[0]
  expect(guestsOf(whole)).toEqual([guest('bob@contoso.example')])
  expect(isPartOf(whole, 'MERCURY@contoso.example')).toBe(true)
})
