import type { SyncMode } from '#providers/contract.ts'
import type { Store } from '../database/store.ts'
import { delegate } from './cast.ts'
import type { Plan } from './plan.ts'

/** What an administrator has set for one room, from some moment on. */
export type RoomRules = { fromMs: number; mode: SyncMode; active: boolean; noRequest: boolean }

/** How rooms are set up, and how they were: a call that is judged may have left under the rules of a moment ago. */
export class Configuration {
  readonly delegateEmail = delegate.email
  readonly #history = new Map<string, RoomRules[]>()

  constructor(plan: Plan) {
    for (const room of plan.rooms) {
      const mode = plan.providers[room.provider]?.mode ?? plan.mode
      this.#history.set(room.id, [{ fromMs: plan.startMs, mode, active: true, noRequest: false }])
    }
  }

  now(roomId: string): RoomRules {
    const rules = this.#of(roomId).at(-1)
    if (!rules) throw new Error(`no room ${roomId}`)
    return rules
  }

  /** Takes over what a commit has changed. */
  async follow(store: Store, plan: Plan, nowMs: number): Promise<void> {
    const rows = await store.beside
      .selectFrom('sync_configurations')
      .innerJoin('calendar_providers', 'calendar_providers.id', 'provider_id')
      .select(['room_id', 'sync_configurations.active', 'no_request', 'mode'])
      .execute()
    for (const { room_id: roomId, mode, active, no_request: noRequest } of rows) {
      const { fromMs: _, ...before } = this.now(roomId)
      const after = { mode: mode ?? plan.mode, active, noRequest }
      if (JSON.stringify(before) !== JSON.stringify(after)) this.#set(roomId, nowMs, after)
    }
  }

  #set(roomId: string, fromMs: number, changes: Partial<Omit<RoomRules, 'fromMs'>>): void {
    this.#of(roomId).push({ ...this.now(roomId), ...changes, fromMs })
  }

  /** Every set of rules that was in force at some moment of a span. */
  during(roomId: string, fromMs: number, untilMs: number): RoomRules[] {
    const all = this.#of(roomId)
    return all.filter(
      (rules, index) => rules.fromMs <= untilMs && (all[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY) >= fromMs,
    )
  }

  #of(roomId: string): RoomRules[] {
    return this.#history.get(roomId) ?? []
  }
}
