import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathInLink } from './link.ts'

const listPath = '/v1.0/users/mercury%40contoso.example/calendarView/delta'
const graph = 'https://graph.microsoft.com'

test.each([
  `${graph}${listPath}?$skiptoken=abc`,
  `${graph}/v1.0/users('mercury@contoso.example')/calendarView/delta?$skiptoken=abc`,
  `${graph}/v1.0/users(%27525b0358-6efc-59bd-9b88-b1f74638ebf5%27)/calendar/calendarview/delta()?$skiptoken=abc`,
  `https://graph.microsoft.us${listPath}?$skiptoken=abc`,
])('%s leads to more of the same, which is asked for where it was', (link) => {
  expect(pathInLink(link, listPath)).toBe(`${listPath}?$skiptoken=abc`)
})

test.each([
  ['another host', `https://graph.microsoft.com.evil.example${listPath}?$skiptoken=abc`],
  ['a name before the host', `https://graph.microsoft.com@evil.example${listPath}?$skiptoken=abc`],
  ['no encryption', `http://graph.microsoft.com${listPath}?$skiptoken=abc`],
  ['another port', `https://graph.microsoft.com:8443${listPath}?$skiptoken=abc`],
  ['another list', `${graph}/v1.0/users/mercury%40contoso.example/messages/delta?$skiptoken=abc`],
  ['another list behind dots', `${graph}${listPath}/../../../messages?$skiptoken=abc`],
  ['another version', `${graph}/beta/users/mercury%40contoso.example/calendarView/delta?$skiptoken=abc`],
  ['nothing to go on with', `${graph}${listPath}`],
  ['no address', listPath],
  ['nothing', ''],
])('%s is not followed', (_, link) => {
  expect(pathInLink(link, listPath)).toBeNull()
})

test('whatever is done to a link, only our own path with its query is ever called', () => {
  const link = `${graph}${listPath}?$skiptoken=abc`
  const mutation = fc.record({ at: fc.nat(link.length), cut: fc.nat(12), put: fc.string({ maxLength: 12 }) })
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      const mutated = mutations.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), link)
      const path = pathInLink(mutated, listPath)
      if (path === null) return
      expect(path.startsWith(`${listPath}?`)).toBe(true)
      expect(new URL(path, graph).origin).toBe(graph)
      expect(new URL(path, graph).pathname).toBe(listPath)
    }),
    { numRuns: 1_000 },
  )
})
