import { type Acting, actAsPerson, actAsSystem, type NotActing } from '#providers/acting.ts'
import { findRoomSync, findRoomSyncs, type RoomSync } from '#providers/room-sync.ts'
import type { Permission, Question, Rule } from '#reservations/deps.ts'
import { findRoomsById } from '#rooms/room.ts'
import type { SyncDeps } from './deps.ts'
import { ruleOf } from './mode.ts'

/** The rules of these rooms, for as many questions as wanted: what reservations ask before they take or change one. */
export async function rulesOf(
  { db }: Pick<SyncDeps, 'db'>,
  roomIds: readonly string[],
): Promise<(question: Question) => Rule> {
  const [syncs, rooms] = await Promise.all([findRoomSyncs(db, roomIds), findRoomsById(db, roomIds)])
  return (question) => {
    const sync = syncs.get(question.roomId)
    if (!isKept(sync, question)) return { is: 'local' }
    const { mode, delegatedUserEmail } = sync.provider
    const roomName = rooms.get(question.roomId)?.name ?? 'This room'
    return ruleOf({ mode, delegatedUserEmail, roomName }, question)
  }
}

/** A meeting that is in a calendar keeps its rules while its room's configuration rests: the change waits until it is active again. */
function isKept(sync: RoomSync | undefined, { existing }: Question): sync is RoomSync {
  if (!sync) return false
  return sync.active || (existing !== null && existing.mailbox !== null)
}

/** May we act as the rule says? It looks at our own records only. */
export async function permissionFor(
  deps: SyncDeps,
  question: Question,
  rule: Extract<Rule, { is: 'allowed' }>,
): Promise<Permission> {
  const sync = await findRoomSync(deps.db, question.roomId)
  if (!sync) return { is: 'impossible', say: notActive }
  if (rule.withPermissionOf === 'person') return ofPerson(await actAsPerson(deps, question.actorId))
  return ofSystem(await actAsSystem(deps, sync.provider), sync)
}

const notActive = 'This room is not kept in step with Outlook at the moment. Try again later, or ask an administrator.'

function ofPerson(found: Acting | NotActing): Permission {
  if (found.is === 'ready') return { is: 'given' }
  if (found.is === 'refused') return { is: 'impossible', say: found.say }
  return { is: 'needed', credentialId: found.credentialId, say: found.say }
}

/** What the system lacks no employee can give: they are told who can. */
function ofSystem(found: Acting | NotActing, { provider }: RoomSync): Permission {
  if (found.is === 'ready') return { is: 'given' }
  const say = `Anteroom cannot write meetings for the calendar provider ${provider.name} yet. ${found.say} An administrator can do that.`
  return { is: 'impossible', say }
}
