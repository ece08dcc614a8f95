import { describe, expect, test } from 'vitest'
import type { SyncMode } from '#providers/contract.ts'
import { syncModes } from '#providers/contract.ts'
import { reservationSources } from '#reservations/contract.ts'
import type { Question, SyncMailbox } from '#reservations/deps.ts'
import { ruleOf, writerOf } from './mode.ts'

const alice = { id: 'alice', displayName: 'Alice Meyer', email: 'alice@contoso.example' }
const outsider = { id: null, displayName: 'Olaf', email: 'olaf@elsewhere.example' }
const delegated = { id: null, displayName: 'Room Service', email: 'rooms@contoso.example' }

function facts(mode: SyncMode) {
  const delegatedUserEmail = mode === 'normal' ? null : 'rooms@contoso.example'
  return { mode, delegatedUserEmail, roomName: 'Mercury' }
}

function ask(more: Partial<Question>): Question {
  const usual = { roomId: 'room', action: 'create' as const, source: 'portal' as const, actorId: 'alice' }
  return { ...usual, requestedFor: alice, existing: null, ...more }
}

const interactive = ['portal', 'quick_reservation', 'mobile', 'event_planner'] as const
const programs = reservationSources.filter((source) => !(interactive as readonly string[]).includes(source))
const ours = (mailbox: SyncMailbox) => ({ mailbox, bornOutside: false })
const foreign = { mailbox: 'user' as const, bornOutside: true }

describe('reserving', () => {
  test('normal: the application writes in anybody’s calendar, whoever asks and however', () => {
    for (const source of reservationSources) {
      const rule = ruleOf(facts('normal'), ask({ source, actorId: 'bob' }))
      expect(rule).toEqual({ is: 'allowed', mailbox: 'user', withPermissionOf: 'system' })
    }
  })

  test('strict: one mailbox organises everything', () => {
    for (const source of reservationSources) {
      const rule = ruleOf(facts('strict'), ask({ source, actorId: 'bob' }))
      expect(rule).toEqual({ is: 'allowed', mailbox: 'other', withPermissionOf: 'system' })
    }
  })

  test.each(interactive)('personal, %s: for oneself with one’s own permission, for nobody else', (source) => {
    const own = { is: 'allowed', mailbox: 'user', withPermissionOf: 'person' }
    expect(ruleOf(facts('personal'), ask({ source }))).toEqual(own)
    const forAlice = ruleOf(facts('personal'), ask({ source, actorId: 'bob' }))
    expect(forAlice.is).toBe('refused')
    expect(forAlice).toMatchObject({ say: expect.stringMatching(/for yourself only\. Ask Alice Meyer .* or reserve/) })
  })

  test.each(programs)('personal, %s: the delegated mailbox organises, no person’s permission is used', (source) => {
    const rule = ruleOf(facts('personal'), ask({ source, actorId: 'bob' }))
    expect(rule).toEqual({ is: 'allowed', mailbox: 'other', withPermissionOf: 'system' })
  })
})

describe('changing and cancelling what was reserved here', () => {
  const actions = ['update', 'cancel'] as const

  test.each(actions)('normal, %s: everything', (action) => {
    for (const mailbox of ['user', 'other'] as const) {
      const rule = ruleOf(facts('normal'), ask({ action, actorId: 'bob', existing: ours(mailbox) }))
      expect(rule).toEqual({ is: 'allowed', mailbox, withPermissionOf: 'system' })
    }
  })

  test.each(actions)(
    'strict, %s: in the delegated mailbox; what is in a person’s calendar since before is proposed',
    (action) => {
      expect(ruleOf(facts('strict'), ask({ action, existing: ours('other') })).is).toBe('allowed')
      const before = ruleOf(facts('strict'), ask({ action, existing: ours('user') }))
      expect(before).toMatchObject({ is: 'proposed', say: expect.stringContaining('asked by mail') })
    },
  )

  test.each(actions)('personal, %s: one’s own at a screen; others’ are proposed; programs are refused', (action) => {
    const at = (more: Partial<Question>) => ruleOf(facts('personal'), ask({ action, existing: ours('user'), ...more }))
    expect(at({})).toEqual({ is: 'allowed', mailbox: 'user', withPermissionOf: 'person' })
    expect(at({ actorId: 'ada' })).toMatchObject({ is: 'proposed', say: expect.stringContaining('Alice Meyer') })
    for (const source of programs) {
      expect(at({ source })).toMatchObject({
        is: 'refused',
        say: expect.stringMatching(/Change it in the portal .*Outlook/),
      })
    }
    for (const source of reservationSources) {
      expect(at({ source, existing: ours('other') })).toMatchObject({ is: 'allowed', mailbox: 'other' })
    }
  })
})

describe('changing what was made in Outlook', () => {
  const at = (mode: SyncMode, more: Partial<Question>) =>
    ruleOf(facts(mode), ask({ action: 'update', existing: foreign, ...more }))

  test('the application may, where the organizer is one of ours; outsiders are asked', () => {
    expect(at('normal', { actorId: 'ada' })).toMatchObject({ is: 'allowed', mailbox: 'user' })
    expect(at('normal', { requestedFor: outsider })).toMatchObject({
      is: 'proposed',
      say: expect.stringContaining('Olaf'),
    })
  })

  test('the organizer may, with their own permission; for everybody else it is never a bare refusal', () => {
    expect(at('personal', {})).toEqual({ is: 'allowed', mailbox: 'user', withPermissionOf: 'person' })
    expect(at('personal', { actorId: 'ada' }).is).toBe('proposed')
    expect(at('personal', { source: 'rest_api' }).is).toBe('proposed')
    expect(at('strict', {}).is).toBe('proposed')
  })

  test('what the delegated mailbox organises it may change itself', () => {
    expect(at('strict', { requestedFor: delegated })).toMatchObject({ is: 'allowed', mailbox: 'other' })
    expect(at('personal', { requestedFor: delegated, source: 'panel' })).toMatchObject({
      is: 'allowed',
      mailbox: 'other',
    })
  })
})

describe('with whose permission a queued change is written', () => {
  const alicesOwn = { mailbox: 'user' as const, actorId: 'alice', source: 'portal' as const, requestedFor: alice }

  test('a person’s permission is only ever used for what that person does themselves at a screen', () => {
    for (const mode of syncModes) {
      for (const source of reservationSources) {
        for (const actorId of ['alice', 'bob', null]) {
          for (const mailbox of ['user', 'other'] as const) {
            const writer = writerOf({ mode }, { mailbox, actorId, source, requestedFor: alice })
            if (writer.is !== 'personal') continue
            expect({ mode, mailbox, actorId, userId: writer.userId }).toEqual({
              mode: 'personal',
              mailbox: 'user',
              actorId: 'alice',
              userId: 'alice',
            })
            expect(interactive).toContain(source)
          }
        }
      }
    }
  })

  test('the mode of today decides, not the one it was queued under', () => {
    expect(writerOf({ mode: 'normal' }, alicesOwn)).toEqual({ is: 'application' })
    expect(writerOf({ mode: 'personal' }, alicesOwn)).toEqual({ is: 'personal', userId: 'alice' })
    expect(writerOf({ mode: 'strict' }, alicesOwn)).toMatchObject({
      is: 'nobody',
      say: expect.stringContaining('Alice'),
    })
    expect(writerOf({ mode: 'strict' }, { ...alicesOwn, mailbox: 'other' })).toEqual({ is: 'delegated' })
  })
})
