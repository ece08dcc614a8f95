import type { Reservation } from '#reservations/contract.ts'
import type { ReservationRow } from '#reservations/queries.ts'
import type { Store } from '../database/store.ts'
import { Violation } from '../judge/violation.ts'
import type { Random } from '../scheduler/random.ts'

/** What people know of their reservations, from pages they looked at a while ago. */
export class People {
  readonly #store: Store
  readonly #byKey = new Map<string, string>()
  /** Reservations that somebody was told they have. */
  readonly acknowledged = new Set<string>()

  constructor(store: Store) {
    this.#store = store
  }

  booked({ id }: Reservation): void {
    this.acknowledged.add(id)
  }

  bookedByKey(key: string, { id }: Reservation): void {
    const known = this.#byKey.get(key) ?? id
    this.#byKey.set(key, known)
    if (known !== id) throw new Violation('I7', `the key ${key} made two reservations: ${known} and ${id}`)
    this.acknowledged.add(id)
  }

  /** One as it is shown now, mostly of the latest. */
  async someReservation(dice: Random, fits: (row: ReservationRow) => boolean): Promise<ReservationRow | null> {
    const rows = await this.#store.beside
      .selectFrom('reservations')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .execute()
    const fitting = rows.filter(fits)
    if (fitting.length === 0) return null
    return dice.chance(0.6) ? dice.pick(fitting.slice(-5)) : dice.pick(fitting)
  }
}
