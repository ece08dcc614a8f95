import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWatchDesk, type WatchDesk } from '../../test/support/watch-desk.ts'

describe.each([
  ['delta', 'normal'],
  ['windows', 'strict'],
] as const)('by %s', (method, mode) => {
  let desk: WatchDesk
  beforeAll(async () => {
    desk = await openWatchDesk({ mode })
    if (method === 'windows') desk.tokens.application = false
  })
  afterAll(() => desk.close())

  test('a meeting made in Outlook is in the mirror, and due, after one read', async () => {
    const { iCalUId } = await desk.meet({ subject: 'Budget' })
    expect(await desk.watch('Mercury')).toMatchObject({ state: 'watching', method, last_error_code: null })
    await desk.read('Mercury')
    const [row] = await desk.mirror('Mercury')
    expect(row).toMatchObject({
      i_cal_uid: iCalUId,
      gone_at: null,
      view: {
        answer: 'accepted',
        organizer: { address: 'alice.meyer@contoso.example' },
        resources: ['mercury@contoso.example'],
      },
    })
    expect(row?.plan_due_at).not.toBeNull()
    expect(desk.applied).toEqual([desk.room('Mercury')])
  })
})
