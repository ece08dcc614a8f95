import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Person } from '../../test/support/person.ts'
import { refusalOf } from '../../test/support/refusal-of.ts'
import { startWholeService, type WholeService } from '../../test/support/whole-service.ts'
import { listCalendarProviders, readCalendarProvider, updateCalendarProvider } from './calendar-provider.contract.ts'

/** In whose name every room is kept in step is changed only by somebody who has just proved who they are. */
let whole: WholeService
let ada: Person
let id: string
beforeAll(async () => {
  whole = await startWholeService()
  ada = await Person.signIn(whole.origin, 'ada.admin@contoso.example')
  const [row] = (await ada.call(listCalendarProviders)).rows
  id = row?.id ?? ''
})
afterAll(() => whole.close())

const provider = () => ada.call(readCalendarProvider, { params: { id } })
const setProved = (minutes: number) =>
  sql`update sessions set proved_at = now() - ${minutes} * interval '1 minute'`.execute(whole.database.db)

test('another delegated user needs a recent sign-in, other fields and the same one do not', async () => {
  await setProved(11)
  const { version, delegatedUserEmail } = await provider()
  const refusal = await ada.send('PATCH', `/api/providers/calendar-providers/${id}`, {
    version,
    delegatedUserEmail: 'mallory@contoso.example',
  })
  expect(await refusalOf(refusal)).toMatchObject({ status: 403, code: 'http.recent_sign_in_required' })
  expect(await provider()).toMatchObject({ version, delegatedUserEmail })

  const harmless = { version, delegatedUserEmail, description: 'harmless' }
  const { version: next } = await ada.call(updateCalendarProvider, { params: { id }, body: harmless })
  await setProved(1)
  const another = { version: next, delegatedUserEmail: 'others@contoso.example' }
  const changed = await ada.call(updateCalendarProvider, { params: { id }, body: another })
  expect(changed.delegatedUserEmail).toBe('others@contoso.example')
})
