import { book, cancelReservation, changeReservation, readReservation } from '#reservations/contract.ts'
import type { Outlook } from './outlook.ts'
import type { Person } from './person.ts'

/** What a meeting should be in the end. */
export type Wanted = { subject: string; startsAt: string; isLive: boolean }

/** A meeting that somebody makes in one place and changes, in that one or in the other. */
export type Matter = {
  key: string
  born: 'here' | 'in Outlook'
  owner: Booker
  /** Where it is changed: two people who change the same meeting at once are another story. */
  editedIn: 'here' | 'in Outlook' | null
  /** What was acknowledged last, and whatever was asked for since and never answered: any of it may be true. */
  possible: Wanted[]
  /** Changes and cancellations that were asked for here. */
  asked: number
  reservationId: string | null
  eventId: string | null
  isBusy: boolean
}

export type Booker = { upn: string; person: Person; outlook: Outlook }
export type LoadRoom = { id: string; mailbox: string }
type Slot = { room: LoadRoom; startsAt: string; endsAt: string }

export type TwoWayLoadParts = {
  bookers: readonly Booker[]
  rooms: readonly LoadRoom[]
  random: () => number
  /** The id of the organizer's event in Outlook, where it is there already. */
  eventIdOf: (matter: Matter) => string | null
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** People at work in both places: nothing they ask for collides, so whatever is missing or twice in the end is a fault of ours. */
export class TwoWayLoad {
  readonly matters: Matter[] = []
  readonly #parts: TwoWayLoadParts
  readonly #firstDay = (Math.floor(Date.now() / dayMs) + 2) * dayMs
  #slots = 0

  constructor(parts: TwoWayLoadParts) {
    this.#parts = parts
  }

  async bookHere(): Promise<void> {
    const { room, startsAt, endsAt } = this.#slot()
    const matter = this.#begin('here', startsAt)
    const [wanted = absent] = matter.possible
    matter.possible.unshift(absent)
    await this.#attempt(matter, wanted, async () => {
      const body = { roomId: room.id, subject: wanted.subject, startsAt, endsAt }
      matter.reservationId = (await matter.owner.person.call(book, { body })).id
    })
  }

  async changeHere(): Promise<void> {
    const matter = this.#pick((one) => one.reservationId !== null && one.editedIn !== 'in Outlook')
    if (matter?.reservationId) await this.#change(matter, matter.reservationId)
  }

  async #change(matter: Matter, id: string): Promise<void> {
    const { person } = matter.owner
    const wanted = { ...latest(matter), subject: `${matter.key} changed here` }
    matter.editedIn = 'here'
    await this.#attempt(matter, wanted, async () => {
      const { reservation } = await person.call(readReservation, { params: { id } })
      matter.asked += 1
      const body = { version: reservation.version, subject: wanted.subject }
      await person.call(changeReservation, { params: { id }, body })
    })
  }

  async cancelHere(): Promise<void> {
    const matter = this.#pick((one) => one.reservationId !== null && one.editedIn !== 'in Outlook')
    const id = matter?.reservationId
    if (!matter || !id) return
    matter.editedIn = 'here'
    matter.asked += 1
    await this.#attempt(matter, { ...latest(matter), isLive: false }, async () => {
      await matter.owner.person.call(cancelReservation, { params: { id }, body: {} })
    })
  }

  async meetInOutlook(): Promise<void> {
    const { room, startsAt, endsAt } = this.#slot()
    const matter = this.#begin('in Outlook', startsAt)
    matter.editedIn = 'in Outlook'
    const { subject } = latest(matter)
    matter.eventId = (await matter.owner.outlook.meet({ subject, room: room.mailbox, startsAt, endsAt })).id
    matter.isBusy = false
  }

  /** To the other half of its hour, which nobody else has. */
  async moveInOutlook(): Promise<void> {
    const matter = this.#pick((one) => one.born === 'in Outlook')
    if (!matter?.eventId) return
    const { startsAt, endsAt } = otherHalf(latest(matter).startsAt)
    await matter.owner.outlook.move(matter.eventId, { startsAt, endsAt })
    matter.possible = [{ ...latest(matter), startsAt }]
    matter.isBusy = false
  }

  async renameInOutlook(): Promise<void> {
    const eventIdOf = this.#parts.eventIdOf
    const matter = this.#pick((one) => one.born === 'here' && one.editedIn === null && eventIdOf(one) !== null)
    const eventId = matter && eventIdOf(matter)
    if (!matter || !eventId) return
    matter.editedIn = 'in Outlook'
    const subject = `${matter.key} renamed in Outlook`
    await matter.owner.outlook.change(eventId, { subject })
    matter.possible = [{ ...latest(matter), subject }]
    matter.isBusy = false
  }

  async cancelInOutlook(): Promise<void> {
    const matter = this.#pick((one) => one.born === 'in Outlook')
    if (!matter?.eventId) return
    await matter.owner.outlook.cancel(matter.eventId)
    matter.possible = [{ ...latest(matter), isLive: false }]
    matter.isBusy = false
  }

  #begin(born: Matter['born'], startsAt: string): Matter {
    const { bookers } = this.#parts
    const owner = bookers[this.matters.length % bookers.length]
    if (owner === undefined) throw new Error('nobody books')
    const key = `K${this.matters.length}`
    const possible = [{ subject: `${key} at first`, startsAt, isLive: true }]
    const nothing = { editedIn: null, asked: 0, reservationId: null, eventId: null, isBusy: true }
    const matter: Matter = { key, born, owner, possible, ...nothing }
    this.matters.push(matter)
    return matter
  }

  /** A meeting that is surely there, taken until it was dealt with. */
  #pick(fits: (matter: Matter) => boolean): Matter | null {
    const fitting = this.matters.filter(
      (one) => !one.isBusy && one.possible.length === 1 && latest(one).isLive && fits(one),
    )
    const picked = fitting[Math.floor(this.#parts.random() * fitting.length)]
    if (picked === undefined) return null
    picked.isBusy = true
    return picked
  }

  /** Acknowledged, it is the only truth; refused, it never was; cut off, nobody knows. */
  async #attempt(matter: Matter, wanted: Wanted, work: () => Promise<void>): Promise<void> {
    const before = matter.possible
    try {
      await work()
      matter.possible = [wanted]
    } catch (problem) {
      if (problem instanceof TypeError) matter.possible = [...new Set([...before, wanted])]
      else throw problem
    } finally {
      matter.isBusy = false
    }
  }

  #slot(): Slot {
    const { rooms } = this.#parts
    const room = rooms[this.#slots % rooms.length]
    const n = Math.floor(this.#slots / rooms.length)
    this.#slots += 1
    if (room === undefined) throw new Error('there are no rooms')
    const startsAt = this.#firstDay + Math.floor(n / 8) * dayMs + (8 + (n % 8)) * hourMs
    return { room, startsAt: new Date(startsAt).toISOString(), endsAt: new Date(startsAt + hourMs / 2).toISOString() }
  }
}

const absent: Wanted = { subject: '', startsAt: '', isLive: false }

function latest({ possible }: Matter): Wanted {
  return possible.at(-1) ?? absent
}

function otherHalf(startsAt: string) {
  const at = Date.parse(startsAt) + (Date.parse(startsAt) % hourMs === 0 ? hourMs / 2 : -hourMs / 2)
  return { startsAt: new Date(at).toISOString(), endsAt: new Date(at + hourMs / 2).toISOString() }
}
