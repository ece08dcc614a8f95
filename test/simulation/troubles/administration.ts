import type { Editor } from '#http/actor.ts'
import { setActive } from '#providers/activate.ts'
import { updateProvider } from '#providers/calendar-provider.ts'
import type { SyncMode } from '#providers/contract.ts'
import { updateConfiguration } from '#providers/sync-configuration.ts'
import { actorOf, request } from '../operations/operation.ts'
import type { Random } from '../scheduler/random.ts'
import { configurationIdOf, users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'
import type { Trouble } from './trouble.ts'

/** An administrator who changes how rooms are kept in step while people work. In the end every room is kept in step. */
export const administrationTroubles: readonly Trouble[] = [
  { name: 'mode changes', share: 0.08, weight: 1.5, strike: changeMode },
  { name: 'room out of step', share: 0.08, weight: 2, strike: turnRoom, end: turnAllOn },
  { name: 'no request', share: 0.05, weight: 1.5, strike: turnRequests },
]

const modes: readonly SyncMode[] = ['normal', 'strict', 'personal']

function changeMode(world: World, dice: Random): Promise<boolean> {
  const mode = dice.pick(modes)
  const { id } = dice.pick(world.plan.providers)
  const delegated = mode === 'normal' ? {} : { delegatedUserEmail: world.configuration.delegateEmail }
  return Promise.resolve(
    request(world, `the mode becomes ${mode}`, async ({ configuring }) => {
      const { version } = await versionOf(world, 'calendar_providers', id)
      await updateProvider(configuring, id, { version, mode, ...delegated }, editor(world))
    }),
  )
}

function turnRoom(world: World, dice: Random): boolean {
  const room = dice.pick(world.plan.rooms)
  const active = !world.configuration.now(room.id).active
  return setRoom(world, room.id, active)
}

function setRoom(world: World, roomId: string, active: boolean): boolean {
  const ids = [configurationIdOf(world.plan, roomId)]
  return request(world, `a room is ${active ? 'kept in step' : 'let go'}`, async ({ configuring }) => {
    await setActive(configuring, { ids, active }, editor(world))
  })
}

/** Nobody leaves a room out of step for good. */
function turnAllOn(world: World): void {
  for (const { id } of world.plan.rooms) if (!world.configuration.now(id).active) setRoom(world, id, true)
}

/** A room for which nothing is sent, to look at what would be. What was held back stays so. */
function turnRequests(world: World, dice: Random): boolean {
  const room = dice.pick(world.plan.rooms)
  const noRequest = !world.configuration.now(room.id).noRequest
  const id = configurationIdOf(world.plan, room.id)
  return request(world, `no request is ${noRequest ? 'on' : 'off'}`, async ({ configuring }) => {
    const { version } = await versionOf(world, 'sync_configurations', id)
    await updateConfiguration(configuring, id, { version, noRequest }, editor(world))
  })
}

function versionOf(world: World, table: 'calendar_providers' | 'sync_configurations', id: string) {
  return world.store.beside.selectFrom(table).select('version').where('id', '=', id).executeTakeFirstOrThrow()
}

function editor(world: World): Editor {
  const [carla = ''] = [...users].find(([, { name }]) => name.startsWith('Carla')) ?? []
  return { actor: actorOf(carla), requestId: `administration ${world.nextNumber()}` }
}
