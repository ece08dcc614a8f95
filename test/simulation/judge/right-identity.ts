import type { ReservationRow } from '#reservations/queries.ts'
import { type Call, isWrite } from '../outside/call.ts'
import { users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'
import { type CallMeeting, meetingOfCall } from './meeting-of-call.ts'
import { Violation } from './violation.ts'

/** Rules are read before a call is sent; as long as a call may wait for its turn and be on its way, the old ones may still count. */
const graceMs = 60_000

/**
 * I5: every write is made with the identity that the mode names for it, in the mailbox that the mode names. Nothing is written that nobody
 * asked for (I7, I10), and a meeting that Anteroom did not make is touched only because a person asked for it.
 */
export function watchIdentity(world: World): void {
  world.network.watch({
    departed: (call) => {
      if (!isWrite(call)) return
      const meeting = meetingOfCall(world, call)
      if (meeting !== null) world.check(() => judgeWrite(world, call, meeting))
    },
  })
}

async function judgeWrite(world: World, call: Call, meeting: CallMeeting): Promise<void> {
  const rows = await reservationsOf(world, meeting)
  if (rows.length === 0) throw new Violation('I5', `a write to a meeting that no reservation stands for: ${say(call)}`)
  const reasons = await Promise.all(rows.map((row) => whyWrong(world, call, { meeting, row })))
  if (reasons.every((reason) => reason !== null)) throw new Violation('I5', `${reasons[0]}: ${say(call)}`)
}

async function reservationsOf(world: World, { markedFor, iCalUId }: CallMeeting): Promise<ReservationRow[]> {
  const { beside } = world.store
  const links =
    iCalUId === null
      ? []
      : await beside.selectFrom('event_links').select('reservation_id').where('i_cal_uid', '=', iCalUId).execute()
  const ids = [...new Set([...links.map((link) => link.reservation_id), ...(markedFor ? [markedFor] : [])])]
  return ids.length === 0 ? [] : beside.selectFrom('reservations').selectAll().where('id', 'in', ids).execute()
}

type Judged = { meeting: CallMeeting; row: ReservationRow }

/** Null when this reservation explains the write. */
async function whyWrong(world: World, call: Call, { meeting, row }: Judged): Promise<string | null> {
  const causes = await causesOf(world, row.id)
  if (causes.length === 0) return 'nothing that waits to go out asks for it'
  const isRelease = /\/decline$/.test(call.path)
  if (meeting.markedFor === null && !isRelease && causes.every(({ actor_id: actor }) => actor === null))
    return 'a meeting made in Outlook is written although no person asked'
  const rules = world.configuration.during(row.room_id, call.departedMs - graceMs, call.departedMs)
  const wrongs = rules.map((rule) =>
    isRelease ? wrongRelease(world, call, { rule, row }) : wrongWriter(world, call, { rule, row, causes }),
  )
  return wrongs.find((wrong) => wrong === null) === null ? null : (wrongs[0] ?? 'the room has no rules')
}

type Cause = { actor_id: string | null; source: string; action: string }

/** What waits to go out of this reservation. */
async function causesOf(world: World, reservationId: string): Promise<Cause[]> {
  return world.store.beside
    .selectFrom('reservation_outbox')
    .select(['actor_id', 'source', 'action'])
    .where('reservation_id', '=', reservationId)
    .where('done_at', 'is', null)
    .execute()
}

type Rule = ReturnType<World['configuration']['now']>

/** The room itself declines; whoever acts for the system says so in its calendar. */
function wrongRelease(world: World, call: Call, { rule, row }: { rule: Rule; row: ReservationRow }): string | null {
  const room = world.plan.rooms.find(({ id }) => id === row.room_id)
  if (call.mailbox !== room?.email) return 'a room is freed in another mailbox than its own'
  const wanted = rule.mode === 'normal' ? 'application' : 'delegated'
  return call.permission === wanted
    ? null
    : `a room is freed with the ${call.permission} permission in ${rule.mode} mode`
}

function wrongWriter(
  world: World,
  call: Call,
  { rule, row, causes }: { rule: Rule; row: ReservationRow; causes: Cause[] },
): string | null {
  const { delegateEmail } = world.configuration
  const owner = row.requested_for_id === null ? row.organizer_email : users.get(row.requested_for_id)?.email
  const inDelegate = call.mailbox === delegateEmail
  switch (rule.mode) {
    case 'normal':
      if (call.permission !== 'application') return `the ${call.permission} permission writes in normal mode`
      return inDelegate || call.mailbox === owner?.toLowerCase()
        ? null
        : 'the application writes in the calendar of somebody else'
    case 'strict':
      if (call.permission !== 'delegated') return `the ${call.permission} permission writes in strict mode`
      return inDelegate ? null : 'in strict mode a meeting is written outside of the delegated mailbox'
    case 'personal':
      if (call.permission === 'delegated')
        return inDelegate ? null : 'the delegated permission writes in somebody’s own calendar'
      if (call.permission === 'application') return 'the application writes in personal mode'
      return wrongPerson(call, { row, causes })
  }
}

const screens = ['portal', 'quick_reservation', 'mobile', 'event_planner']

/** A personal token: in its own mailbox, for what that person did at a screen. */
function wrongPerson(call: Call, { row, causes }: { row: ReservationRow; causes: Cause[] }): string | null {
  if (call.mailbox !== call.account) return 'a personal token writes in another mailbox than its own'
  const person = [...users].find(([, { email }]) => email === call.account)?.[0]
  if (person === undefined || row.requested_for_id !== person)
    return 'a personal token writes a meeting of somebody else'
  const isOwn = causes.some(({ actor_id: actor, source }) => actor === person && screens.includes(source))
  return isOwn ? null : 'a personal token carries out what its person did not do at a screen'
}

function say({ method, path, permission, account, mailbox, process }: Call): string {
  return `${method} ${path.replace(/events\/.{20,}?(?=\/|$)/, 'events/…')} with the ${permission} permission of ${account ?? 'the application'} in ${mailbox}, by ${process}`
}
