import fc from 'fast-check'
import { expect, test } from 'vitest'
import { forPeople } from './log.ts'

const line = (fields: object) =>
  forPeople(JSON.stringify({ level: 40, time: '2026-11-24T10:20:30.000Z', msg: 'a request', ...fields }))

test('whatever is logged is one line, and cannot steer the terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const written = line({ path: text, nested: { text } })
      return written.endsWith('\n') && !/\p{Cc}/u.test(written.slice(0, -1))
    }),
  )
  expect(line({ path: '\u001b[2J\r\n00:00:00 all is well' })).toBe(
    '   10:20:30 warning a request path= [2J 00:00:00 all is well\n',
  )
})

test('an ordinary line stays readable', () => {
  expect(line({ port: 4400, path: '/api/people/me' })).toBe(
    '   10:20:30 warning a request port=4400 path=/api/people/me\n',
  )
})
