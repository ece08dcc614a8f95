import { expect, test } from 'vitest'
import { asProblem, problemIn, unreachable } from './api-problem.ts'

const answer = (body: string, type: string, status = 409) =>
  new Response(body, { status, headers: { 'content-type': type } })

test('a problem document keeps its code, its sentence and the messages beside fields', async () => {
  const document = { code: 'connections.alias_exists', detail: 'It exists.', status: 409, fields: { name: 'Taken.' } }
  const problem = await problemIn(answer(JSON.stringify(document), 'application/problem+json; charset=utf-8'))
  expect(problem).toMatchObject({ code: 'connections.alias_exists', detail: 'It exists.', fields: { name: 'Taken.' } })
})

test.each([
  ['a page of a proxy', '<html>Bad gateway</html>', 'text/html'],
  ['a document that was cut off', '{"code":', 'application/problem+json'],
])('%s is said to be unexpected, with its status', async (_, body, type) => {
  const problem = await problemIn(answer(body, type, 502))
  expect(problem).toMatchObject({ code: 'web.unexpected_answer', status: 502 })
  expect(problem.detail).toContain('502')
})

test('a server that is away is told apart from one that refuses', () => {
  expect(unreachable(new TypeError('fetch failed'))).toMatchObject({ code: 'web.server_unreachable', status: 0 })
})

test('a mistake of ours is shown without its insides', () => {
  const problem = asProblem(new TypeError("Cannot read properties of undefined (reading 'x')"))
  expect(problem.detail).not.toContain('undefined')
})
