import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstAdministrator, type PeopleServer, startPeopleServer } from '../../test/support/people-server.ts'
import { welchT } from '../../test/support/timing.ts'
import { openAttempts } from './attempts.ts'
import { checkPasswordSignIn } from './sign-in.ts'

/** Whether an address is known here must not be told by how long a refusal takes (T49). */
const bound = 4.5
/** Each is a tenth of a second of one core. */
const few = { samples: 12, callsEach: 1 }

let server: PeopleServer
beforeAll(async () => {
  server = await startPeopleServer()
  await firstAdministrator(server, 'known@contoso.example')
  await server.deps.db
    .insertInto('users')
    .values({
      id: server.deps.seams.newId(),
      email: 'away@contoso.example',
      display_name: 'Away',
      active: false,
      tenant_id: null,
      object_id: null,
      last_sign_in_at: null,
      password_hash:
        (await server.deps.db.selectFrom('users').select('password_hash').executeTakeFirst())?.password_hash ?? null,
    })
    .execute()
})
afterAll(() => server.close())

/** A wrong password, at a time when nobody is slowed down for having guessed. */
function guess(email: string): () => Promise<unknown> {
  let laterMs = 0
  const now = () => new Date(Date.now() + laterMs)
  const attempts = openAttempts({ seams: { ...server.deps.seams, now } })
  return () => {
    laterMs += 60_000
    return checkPasswordSignIn(server.deps, attempts, { email, password: 'wrong', requestId: 'test' }).catch(
      (problem: { code?: string }) => expect(problem.code).toBe('people.sign_in_refused'),
    )
  }
}

test.each([
  ['nobody has', 'unknown@contoso.example'],
  ['somebody deactivated has', 'away@contoso.example'],
])('an address that %s is refused in the time of a known one', { timeout: 300_000 }, async (_, email) => {
  const [known, other] = [guess('known@contoso.example'), guess(email)]
  // As in secret-timing.test.ts: what else the machine does would have to fall on one of the two, three times over.
  const measured: number[] = []
  for (let round = 0; round < 3 && !measured.some((t) => t < bound); round++)
    measured.push(Math.abs(await welchT(known, other, few)))
  expect(Math.min(...measured)).toBeLessThan(bound)
})

test('a refusal without the work would be told apart, so the measure works', { timeout: 300_000 }, async () => {
  const idle = () => server.deps.db.selectFrom('users').select('id').execute()
  expect(Math.abs(await welchT(guess('known@contoso.example'), idle, few))).toBeGreaterThan(bound)
})
