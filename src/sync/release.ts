import { declineEvent, findEventByUid } from '#graph/events.ts'
import { actAsSystem, mailboxFor } from '#providers/acting.ts'
import type { RoomSync } from '#providers/room-sync.ts'
import type { SyncDeps } from './deps.ts'
import { failureOf } from './failure.ts'
import type { LinkRow } from './link-queries.ts'
import { jitterOf } from './push.ts'
import { type Going, recordAnsweredMeanwhile, recordLater, recordRefused, recordReleased } from './record.ts'

/**
 * Frees a room and leaves the person's meeting alone: the room declines, with a note that tells the organizer why. Done by whoever acts
 * for the system, never with a person's permission. The room's calendar is read first: a room that answered meanwhile keeps what expired.
 */
export async function release(
  deps: SyncDeps,
  { going, sync, link }: { going: Going; sync: RoomSync; link: LinkRow },
): Promise<void> {
  const { row, room } = going.whole
  if (row.state !== 'rejected' && row.state !== 'expired') return recordReleased(deps, going, { requestId: null })
  const acting = await actAsSystem(deps, sync.provider)
  if (acting.is !== 'ready') {
    const code = acting.is === 'refused' ? acting.code : 'connections.sign_in_needed'
    const failure = { is: 'later' as const, waitMs: 60_000, code, say: acting.say, requestId: null }
    return recordLater(deps, going, { failure, inDoubt: false })
  }
  const known: Going = { ...going, acting: { identity: acting.identity, actsAs: acting.actsAs, mailbox: room.mailbox } }
  if (link.i_cal_uid === null) return recordReleased(deps, known, { requestId: null })
  const mailbox = mailboxFor(acting, room.mailbox)
  const found = await findEventByUid(acting.graph, mailbox, link.i_cal_uid)
  if (found.is === 'problem') return notReleased(deps, known, found)
  const copy = found.value
  if (copy === null || copy.isCancelled) return recordReleased(deps, known, { requestId: found.requestId })
  if (row.state === 'expired' && copy.responseStatus?.response === 'accepted') {
    return recordAnsweredMeanwhile(deps, known, found.requestId)
  }
  const comment = row.state_reason ?? ''
  const declined = await declineEvent(acting.graph, mailbox, { id: copy.id, comment })
  if (declined.is === 'problem' && declined.status !== 404) return notReleased(deps, known, declined)
  await recordReleased(deps, known, { requestId: declined.requestId, payload: { comment, sendResponse: true } })
  await deps.hintRoom(sync.roomId)
}

type Problem = Parameters<typeof failureOf>[0]

function notReleased(deps: SyncDeps, going: Going, problem: Problem): Promise<void> {
  const failure = failureOf(problem, { attempts: going.entry.attempts, jitter: jitterOf(deps) })
  if (failure.is === 'later') return recordLater(deps, going, { failure, inDoubt: false })
  const { code, requestId } = problem
  const { room } = going.whole
  const say = `Microsoft did not let Anteroom free ${room.name} (${code}). Take the meeting out of the room’s calendar in Outlook, and give the mailbox that Anteroom uses the right to edit it.`
  return recordRefused(deps, going, { is: 'refused', code, say, requestId })
}
