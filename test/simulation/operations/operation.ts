import type { Actor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import { Violation } from '../judge/violation.ts'
import type { Engine } from '../process/engine.ts'
import type { Random } from '../scheduler/random.ts'
import { tenantId } from '../world/cast.ts'
import { users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'

/** Something that people do. Answers false when there is nothing to do it with: then something else happens instead. */
export type Operation = {
  name: string
  weight: number
  run: (world: World, dice: Random) => boolean | Promise<boolean>
}

/** What became of a request: done and acknowledged, or refused with a reason. One whose process died has no end. */
export type Ended<T> = { is: 'done'; answer: T } | { is: 'refused'; refusal: Refusal }

/**
 * A request to the web process, as a browser or a script makes it. Only kind refusals are answers; anything else that is thrown would be a
 * page that says something went wrong.
 */
export function request<T>(
  world: World,
  name: string,
  work: (engine: Engine) => Promise<T>,
  ended: (end: Ended<T>) => void = () => undefined,
): boolean {
  const web = world.web()
  if (!web) return false
  const { scheduler } = world
  scheduler.start(async () => {
    await scheduler.pause(web, `request ${name}`)
    try {
      const answer = await work(web.engine)
      world.note(`${name}: done`)
      ended({ is: 'done', answer })
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw surprise(name, problem)
      world.note(`${name}: ${problem.code}`)
      world.coverage.count(problem.code)
      ended({ is: 'refused', refusal: problem })
    }
  })
  return true
}

function surprise(name: string, problem: unknown): unknown {
  if (problem instanceof Violation) return problem
  const says = problem instanceof Error ? problem.stack : String(problem)
  return new Violation('I16', `the request ${name} ended with a surprise: ${says}`)
}

/** Somebody as the web process knows them, at a screen or as the owner of an API token. */
export function actorOf(userId: string, via: Actor['via'] = 'session'): Actor {
  const person = users.get(userId)
  if (!person) throw new Error(`nobody has the id ${userId}`)
  const isApprover = person.name.startsWith('Carla')
  return {
    userId,
    displayName: person.name,
    email: person.email,
    roles: new Set(isApprover ? ['employee', 'approver', 'rsvsync_admin'] : ['employee']),
    microsoft: { tenantId, objectId: person.id },
    via,
    sessionId: via === 'session' ? userId : null,
  }
}
