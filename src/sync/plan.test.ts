import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reservationStates } from '#reservations/contract.ts'
import { stateFor } from '#reservations/state.ts'
import type { RoomView } from '#watch/room-view.ts'
import { type Agreed, agreementOf } from './agreed.ts'
import { type Facts, type Ours, type Plan, plan } from './plan.ts'
import type { OrganizerSeen, RoomSeen, Seen } from './seen.ts'

const now = new Date('2026-11-24T09:00:00Z')
const at = (hour: number) => ({
  startsAt: new Date(Date.UTC(2026, 10, 25, hour)),
  endsAt: new Date(Date.UTC(2026, 10, 25, hour + 1)),
})
const facts: Facts = { now, roomIsHeld: false, isElsewhere: false, mayBeOurs: false, copyMayBeOld: false }

function ours(more: Partial<Ours> = {}): Ours {
  return {
    state: 'confirmed',
    ...at(10),
    subject: 'Planning',
    isPrivate: false,
    invitees: [guest('bob')],
    answer: 'accepted',
    changedAt: new Date('2026-11-24T08:00:00Z'),
    underWay: [],
    notSent: false,
    endedBy: null,
    ...more,
  }
}

function guest(name: string) {
  return { email: `${name}@contoso.example`, displayName: name }
}

function organizer(more: Partial<OrganizerSeen> = {}): OrganizerSeen {
  const content = { subject: 'Planning', isPrivate: false, invitees: [guest('bob')] }
  return { ...at(10), ...content, answer: 'accepted', modifiedAt: now, etag: 'W/"1"', ...more }
}

function room(more: Partial<RoomView> & { hour?: number } = {}): RoomSeen {
  const { hour = 10, ...view } = more
  return {
    ...at(hour),
    view: {
      subject: 'Alice Meyer',
      organizer: { name: 'Alice Meyer', address: 'alice@contoso.example' },
      answer: 'accepted',
      isCancelled: false,
      isPrivate: false,
      isAllDay: false,
      showAs: 'busy',
      attendees: [],
      resources: [],
      type: 'singleInstance',
      seriesMasterId: null,
      modifiedAt: null,
      webLink: null,
      ...view,
    },
  }
}

const base: Agreed = agreementOf({
  ...at(10),
  subject: 'Planning',
  notes: '',
  isPrivate: false,
  invitees: [guest('bob')],
})
const written = (secondsAgo: number, before?: number): Agreed => ({
  ...base,
  timeBefore:
    before === undefined
      ? null
      : agreementOf({ ...at(before), subject: '', notes: '', isPrivate: false, invitees: [] }).time,
  writtenAt: new Date(now.getTime() - secondsAgo * 1000).toISOString(),
})

type Case = { ours?: Ours | null; seen: Partial<Seen>; base?: Agreed | null; facts?: Partial<Facts> }

function decide({ ours: mine = ours(), seen, base: agreed = base, facts: more = {} }: Case): Plan {
  const both = { organizer: null, room: null, ...seen }
  return plan({ ours: mine, seen: both, base: agreed, facts: { ...facts, ...more } })
}

const short = (decided: Plan) => `${decided.do} ${decided.why}`

describe('nothing happened', () => {
  test('both sides as agreed: nothing, by either copy or by both', () => {
    for (const seen of [{ organizer: organizer() }, { room: room() }, { organizer: organizer(), room: room() }]) {
      expect(short(decide({ seen }))).toBe('nothing in_step')
    }
  })

  test('our own write that comes back is no change: a room’s copy without subject, body and flag agrees', () => {
    const seen = { room: room({ subject: 'Alice Meyer', isPrivate: false }) }
    expect(short(decide({ ours: ours({ isPrivate: true }), base: { ...base, privacy: 'private' }, seen }))).toBe(
      'nothing in_step',
    )
  })

  test('the time before our last move is what the room has not heard yet, and not a move back', () => {
    const moved = ours({ answer: 'none', state: 'awaiting_confirmation' })
    expect(short(decide({ ours: moved, base: written(2, 8), seen: { room: room({ hour: 8 }) } }))).toBe(
      'wait room_not_told_yet',
    )
    // After ten minutes somebody has really moved it back.
    expect(short(decide({ ours: moved, base: written(900, 8), seen: { room: room({ hour: 8 }) } }))).toBe(
      'take moved_in_outlook',
    )
    const first = decide({ seen: { organizer: organizer({ ...at(14), answer: 'none' }) } })
    expect(first).toMatchObject({ do: 'take', agreed: { timeBefore: base.time, writtenAt: now.toISOString() } })
    const after = { ours: ours({ ...at(14), answer: 'none' }), base: first.do === 'take' ? first.agreed : null }
    expect(short(decide({ ...after, seen: { room: room({ hour: 10 }) } }))).toBe('wait room_not_told_yet')
    // The organizer's own event is always up to date.
    const seen = { organizer: organizer({ ...at(8), answer: 'none' }) }
    expect(short(decide({ ours: moved, base: written(2, 8), seen }))).toBe('take moved_in_outlook')
  })
})

describe('the room answers', () => {
  const asked = ours({ state: 'awaiting_confirmation', answer: 'none' })

  test.each([
    ['accepted', 'take room_accepted'],
    ['tentative', 'take room_tentative'],
    ['none', 'nothing in_step'],
  ] as const)('%s: %s', (answer, expected) => {
    expect(short(decide({ ours: asked, seen: { room: room({ answer }) } }))).toBe(expected)
    expect(short(decide({ ours: asked, seen: { organizer: organizer({ answer }) } }))).toBe(expected)
  })

  test('declined: by the organizer’s tally, or because the copy is gone', () => {
    expect(decide({ ours: asked, seen: { organizer: organizer({ answer: 'declined' }) } })).toMatchObject({
      do: 'end',
      as: 'declined',
      why: 'declined_by_room',
    })
    expect(short(decide({ ours: asked, seen: { room: 'deleted' } }))).toBe('end declined_by_room')
    expect(short(decide({ seen: { room: 'deleted' } }))).toBe('end released_by_room')
  })

  test('declined by the tally, and accepted in the room’s own copy: the copy is newer', () => {
    const seen = { organizer: organizer({ answer: 'declined' }), room: room({ answer: 'accepted' }) }
    expect(short(decide({ seen }))).toBe('nothing in_step')
    expect(short(decide({ ours: asked, seen }))).toBe('take room_accepted')
  })

  test('an answer to a time that is still to be changed by us is no answer', () => {
    const moving = ours({ ...at(14), state: 'awaiting_confirmation', answer: 'none', underWay: ['update'] })
    expect(short(decide({ ours: moving, seen: { room: room() } }))).toBe('nothing change_on_its_way')
    expect(short(decide({ ours: moving, seen: { organizer: organizer({ answer: 'declined' }) } }))).toBe(
      'nothing change_on_its_way',
    )
  })
})

describe('changed in Outlook', () => {
  test('time, subject, privacy and guests are taken, with the answer, in one decision', () => {
    const seen = {
      organizer: organizer({
        ...at(11),
        subject: 'Plans',
        isPrivate: true,
        invitees: [guest('bob'), guest('eve')],
        answer: 'none',
      }),
      room: room({ hour: 11 }),
    }
    expect(decide({ seen })).toMatchObject({
      do: 'take',
      why: 'moved_in_outlook',
      also: ['renamed_in_outlook', 'privacy_in_outlook', 'invitees_in_outlook'],
      changes: { ...at(11), subject: 'Plans', isPrivate: true, invitees: [guest('bob'), guest('eve')] },
    })
  })

  test('a subject in a room’s copy that was just written is looked at again when it cannot be old any more', () => {
    const seen = { room: room({ subject: 'Renamed' }) }
    expect(decide({ base: written(60), seen })).toMatchObject({ do: 'nothing', lookAgainInMs: 540_000 })
    // Not even what is taken meanwhile makes it forgotten that the subject is still to be told apart.
    const asked = ours({ state: 'awaiting_confirmation', answer: 'none' })
    expect(decide({ ours: asked, base: written(60), seen })).toMatchObject({
      why: 'room_accepted',
      lookAgainInMs: 540_000,
      agreed: { writtenAt: written(60).writtenAt },
    })
    expect(decide({ base: written(600), seen })).toMatchObject({ changes: { subject: 'Renamed' } })
    expect(decide({ base: written(60), seen: { room: room({ subject: 'Planning' }) } })).not.toHaveProperty(
      'lookAgainInMs',
    )
  })

  test('cancelled, deleted, the room taken out, another room: each with its own reason', () => {
    expect(short(decide({ seen: { organizer: 'gone', room: 'cancelled' } }))).toBe('end cancelled_in_outlook')
    expect(short(decide({ seen: { organizer: 'gone' } }))).toBe('end deleted_in_outlook')
    expect(short(decide({ seen: { organizer: organizer({ answer: 'removed' }) } }))).toBe('end room_removed_in_outlook')
    expect(short(decide({ seen: { organizer: organizer({ answer: 'removed' }) }, facts: { isElsewhere: true } }))).toBe(
      'end moved_to_another_room',
    )
    expect(short(decide({ seen: { room: 'cancelled' } }))).toBe('end cancelled_in_outlook')
  })
})

describe('changed on both sides', () => {
  const moving = ours({ ...at(14), underWay: ['update'] })

  test('time: Outlook wins once the room has accepted, ours goes out until then', () => {
    const accepted = { organizer: organizer({ ...at(12), answer: 'none' }), room: room({ hour: 12 }) }
    expect(decide({ ours: moving, seen: accepted })).toMatchObject({
      why: 'outlook_wins',
      changes: at(12),
    })
    const silent = { organizer: organizer({ ...at(12), answer: 'none' }) }
    const decided = decide({ ours: moving, seen: silent })
    expect(short(decided)).toBe('take agreed_anyway')
    expect(decided).toMatchObject({ agreed: { time: expect.stringContaining('T12:00') }, changes: {} })
  })

  test('subject: the later of two edits; privacy: the stricter', () => {
    const renaming = (changedAt: string) =>
      ours({ subject: 'Ours', changedAt: new Date(changedAt), underWay: ['update'] })
    const theirs = organizer({ subject: 'Theirs', modifiedAt: new Date('2026-11-24T08:30:00Z') })
    expect(decide({ ours: renaming('2026-11-24T08:00:00Z'), seen: { organizer: theirs } })).toMatchObject({
      changes: { subject: 'Theirs' },
    })
    expect(short(decide({ ours: renaming('2026-11-24T08:45:00Z'), seen: { organizer: theirs } }))).toBe(
      'take agreed_anyway',
    )
    const opening = { ...base, privacy: 'other' }
    expect(
      decide({
        ours: ours({ underWay: ['update'] }),
        base: opening,
        seen: { organizer: organizer({ isPrivate: true }) },
      }),
    ).toMatchObject({ changes: { isPrivate: true } })
    const closing = decide({
      ours: ours({ isPrivate: true, underWay: ['update'] }),
      base: opening,
      seen: { organizer: organizer() },
    })
    expect(closing).toMatchObject({ changes: {} })
  })

  test('guests: whom either side invited, without whom either side took out', () => {
    const mine = ours({ invitees: [guest('bob'), guest('carla')], underWay: ['update'] })
    const before = { ...base, invitees: ['bob@contoso.example', 'dora@contoso.example'] }
    const seen = { organizer: organizer({ invitees: [guest('dora'), guest('eve')] }) }
    expect(decide({ ours: mine, base: before, seen })).toMatchObject({
      changes: { invitees: [guest('carla'), guest('eve')] },
    })
  })

  test('a deletion made by a person beats a change of ours', () => {
    expect(short(decide({ ours: moving, seen: { organizer: 'gone' } }))).toBe('end deleted_in_outlook')
    // Only the room's copy is gone: it may have declined the old time, and is about to be asked for the new one.
    expect(short(decide({ ours: moving, seen: { room: 'deleted' } }))).toBe('wait change_on_its_way')
  })

  test('what Microsoft refused for good is as it was before', () => {
    expect(decide({ ours: ours(at(14)), seen: { room: room() } })).toMatchObject({
      why: 'refused_so_as_before',
      changes: at(10),
    })
    expect(short(decide({ ours: ours({ ...at(14), notSent: true }), seen: { room: room() } }))).toBe('nothing not_sent')
  })
})

describe('meetings that nobody here knows', () => {
  test('one in the room becomes a reservation; one that is free, gone or declined does not', () => {
    expect(short(decide({ ours: null, base: null, seen: { room: room() } }))).toBe('adopt made_in_outlook')
    expect(short(decide({ ours: null, base: null, seen: { room: room({ showAs: 'free' }) } }))).toBe(
      'nothing shown_as_free',
    )
    expect(short(decide({ ours: null, base: null, seen: { room: 'deleted' } }))).toBe('nothing nobody_knows_it')
    expect(short(decide({ ours: null, base: null, seen: { room: room({ answer: 'declined' }) } }))).toBe(
      'nothing nobody_knows_it',
    )
  })

  test('one that may be ours, made while its answer was lost, is not made a second time', () => {
    expect(short(decide({ ours: null, base: null, seen: { room: room() }, facts: { mayBeOurs: true } }))).toBe(
      'wait may_be_ours',
    )
  })

  test('while somebody else holds the room, a silent room is waited for: it will decline', () => {
    const silent = { room: room({ answer: 'none' }) }
    expect(short(decide({ ours: null, base: null, seen: silent }))).toBe('adopt made_in_outlook')
    expect(short(decide({ ours: null, base: null, seen: silent, facts: { roomIsHeld: true } }))).toBe(
      'wait room_will_answer',
    )
    expect(short(decide({ ours: null, base: null, seen: { room: room() }, facts: { roomIsHeld: true } }))).toBe(
      'adopt made_in_outlook',
    )
  })
})

describe('what is over', () => {
  test('what ended here never comes back from a look at Outlook', () => {
    const cancelled = ours({ state: 'cancelled', endedBy: 'here' })
    expect(short(decide({ ours: cancelled, seen: { room: room() } }))).toBe('nothing ended_here')
    const cancelling = ours({ state: 'cancelled', underWay: ['cancel'] })
    expect(short(decide({ ours: cancelling, seen: { room: room() } }))).toBe('nothing change_on_its_way')
  })

  test('what ended in Outlook comes back when its room has it again', () => {
    const gone = ours({ state: 'cancelled', endedBy: 'outlook' })
    expect(short(decide({ ours: gone, seen: { room: room() } }))).toBe('adopt invited_again')
    expect(short(decide({ ours: gone, seen: { room: room() }, facts: { copyMayBeOld: true } }))).toMatch(/^wait/)
    const declined = ours({ state: 'declined', answer: 'declined', endedBy: 'outlook' })
    expect(decide({ ours: declined, seen: { room: room({ hour: 12 }) } })).toMatchObject({
      why: 'room_asked_again',
      changes: { ...at(12), answer: 'accepted' },
    })
  })

  test('a room that we freed is freed again, unless it has the meeting at another time or answered after all', () => {
    const rejected = ours({ state: 'rejected', endedBy: 'here' })
    expect(short(decide({ ours: rejected, seen: { room: room() } }))).toBe('release rejected_here')
    expect(short(decide({ ours: rejected, seen: { room: room({ hour: 12 }) } }))).toBe('take room_asked_again')
    const expired = ours({ state: 'expired', endedBy: 'here', answer: 'none' })
    expect(short(decide({ ours: expired, seen: { room: room() } }))).toBe('take room_asked_again')
    expect(short(decide({ ours: expired, seen: { room: room({ answer: 'none' }) } }))).toBe('release expired_here')
  })
})

describe('whatever the two sides are', () => {
  const hour = fc.integer({ min: 8, max: 11 })
  const answers = fc.constantFrom('none', 'tentative', 'accepted', 'declined' as const)
  const side = fc.record({
    hour,
    subject: fc.constantFrom('Planning', 'Plans', 'Ours'),
    isPrivate: fc.boolean(),
    answer: answers,
  })
  const anyOurs = fc
    .tuple(
      side,
      fc.constantFrom(...reservationStates),
      fc.subarray(['create', 'update', 'cancel'] as const),
      fc.constantFrom(null, 'here', 'outlook' as const),
    )
    .map(([mine, state, underWay, endedBy]) =>
      ours({
        ...at(mine.hour),
        subject: mine.subject,
        isPrivate: mine.isPrivate,
        answer: mine.answer,
        state,
        underWay,
        endedBy,
      }),
    )
  const anyOrganizer = fc.oneof(
    fc.constantFrom(null, 'gone' as const),
    side.map((theirs) =>
      organizer({ ...at(theirs.hour), subject: theirs.subject, isPrivate: theirs.isPrivate, answer: theirs.answer }),
    ),
  )
  const anyRoom = fc.oneof(
    fc.constantFrom(null, 'deleted' as const, 'cancelled' as const),
    side.map((theirs) => room({ hour: theirs.hour, answer: theirs.answer })),
  )
  const anyCase = fc.record({ ours: anyOurs, organizer: anyOrganizer, room: anyRoom })
  const apply = (mine: Ours, { do: what, ...decided }: Plan): Ours => {
    if (what !== 'take') return mine
    const { reason: _, ...changes } = (decided as Extract<Plan, { do: 'take' }>).changes
    const approval = mine.state === 'rejected' ? ('awaiting_approval' as const) : ('not_required' as const)
    const state = stateFor({ room_answer: changes.answer ?? mine.answer, approval })
    return { ...mine, ...changes, state, endedBy: null } as Ours
  }

  test('deciding is idempotent: what was taken over is not taken over again', () => {
    fc.assert(
      fc.property(anyCase, ({ ours: mine, ...seen }) => {
        const first = plan({ ours: mine, seen, base, facts })
        fc.pre(first.do === 'take')
        if (first.do !== 'take') return
        const second = plan({ ours: apply(mine, first), seen, base: first.agreed ?? base, facts })
        expect(['nothing', 'wait', 'end']).toContain(second.do)
      }),
      { numRuns: 5_000 },
    )
  })

  test('a cancelled reservation is never made to live again, and nothing unknown is ever ended', () => {
    fc.assert(
      fc.property(anyCase, ({ ours: mine, ...seen }) => {
        const cancelled = plan({ ours: { ...mine, state: 'cancelled', endedBy: 'here' }, seen, base, facts })
        expect(cancelled.do).toBe('nothing')
        expect(['nothing', 'wait', 'adopt']).toContain(plan({ ours: null, seen, base: null, facts }).do)
      }),
      { numRuns: 5_000 },
    )
  })
})
