import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import type { ConfiguringDeps } from './deps.ts'
import { refused } from './errors.ts'
import { auditChange } from './record.ts'
import type { RowOutcome } from './sync-configuration.contract.ts'
import {
  type ConfiguredRoom,
  lockConfiguration,
  selectConfiguredRoom,
  updateConfiguration,
} from './sync-configuration-queries.ts'

/**
 * Activates or deactivates configurations, each in a transaction of its own: one that is refused keeps none of the others back.
 * @returns one outcome for each, in the same order
 */
export async function setActive(
  deps: ConfiguringDeps,
  { ids, active }: { ids: readonly string[]; active: boolean },
  editor: Editor,
): Promise<{ outcomes: RowOutcome[] }> {
  const outcomes: RowOutcome[] = []
  const changed: string[] = []
  for (const id of ids) {
    const { outcome, roomId } = await setOne(deps, { id, active }, editor)
    outcomes.push(outcome)
    if (roomId !== null) changed.push(roomId)
  }
  if (changed.length > 0) {
    deps.publish({ topic: 'provider', id: ids[0] ?? '', userId: null })
    await deps.changed(changed)
  }
  return { outcomes }
}

type Set = { outcome: RowOutcome; roomId: string | null }

async function setOne(
  deps: ConfiguringDeps,
  { id, active }: { id: string; active: boolean },
  editor: Editor,
): Promise<Set> {
  const room = await selectConfiguredRoom(deps.db, id)
  if (room === undefined)
    return { outcome: outcomeOf(id, '', refused('providers.configuration_not_found')), roomId: null }
  try {
    const did = await transaction(deps.db, async (trx) => {
      const row = await lockConfiguration(trx, id)
      if (row === undefined) throw refused('providers.configuration_not_found')
      if (row.active === active) return false
      if (active) requireUsable(room)
      await updateConfiguration(trx, id, { active, updated_by: editor.actor.displayName })
      const subject = { kind: 'sync_configuration', id, name: room.room_name } as const
      const verb = active ? 'activate' : 'deactivate'
      await auditChange(trx, editor, { action: `providers.${verb}_sync_configuration`, subject })
      return true
    })
    return { outcome: doneOf(room, { active, did }), roomId: did ? room.room_id : null }
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    return { outcome: outcomeOf(id, room.room_name, problem), roomId: null }
  }
}

/** @throws `providers.provider_inactive` */
function requireUsable({ room_name, provider_name, provider_active }: ConfiguredRoom): void {
  if (provider_active) return
  const say = `The calendar provider ${provider_name} of ${room_name} is inactive. Make it active on its form first.`
  throw refused('providers.provider_inactive', { say })
}

function doneOf(room: ConfiguredRoom, { active, did }: { active: boolean; did: boolean }): RowOutcome {
  const [word, say] = active
    ? ['activated', `${room.room_name} is being kept in step from now on.`]
    : ['deactivated', `${room.room_name} is no longer kept in step. What is in Outlook and here stays.`]
  if (did) return { id: room.id, name: room.room_name, ok: true, code: word, say }
  const already = `${room.room_name} was ${active ? 'active' : 'inactive'} already.`
  return { id: room.id, name: room.room_name, ok: true, code: `already_${word}`, say: already }
}

function outcomeOf(id: string, name: string, { code, message }: Refusal): RowOutcome {
  return { id, name, ok: false, code, say: message }
}
