export type Field = 'subject' | 'time'

export type Intention = {
  field: Field
  side: 'here' | 'outlook'
  value: string
  /** What whoever meant it had before their eyes; null for the first of a meeting. */
  saw: string | null
  atMs: number
  /** They were told that it was done. Until then it may have been, or not. */
  isKnown: boolean
}

/** What people meant their meetings to be, in order, whatever became of it: by reservation or by iCalUId. */
export class Intentions {
  readonly #byMeeting = new Map<string, Intention[]>()
  readonly #guests = new Map<string, number>()
  /** Which properties of an event people have changed in Outlook, by iCalUId. */
  readonly #touched = new Map<string, Set<string>>()
  /** Lines that people wrote into meetings in Outlook, by iCalUId. */
  readonly #lines = new Map<string, string[]>()

  note(meeting: string, intention: Intention): Intention {
    this.#byMeeting.set(meeting, [...(this.#byMeeting.get(meeting) ?? []), intention])
    return intention
  }

  /** Guests, and nothing else, were changed in Outlook. */
  changedGuests(iCalUId: string, atMs: number): void {
    this.#guests.set(iCalUId, atMs)
  }

  /** When that was last. */
  guestsChangedMs(iCalUId: string): number {
    return this.#guests.get(iCalUId) ?? 0
  }

  /** Somebody changed these properties of a meeting in Outlook. */
  touched(iCalUId: string, properties: readonly string[]): void {
    const known = this.#touched.get(iCalUId) ?? new Set()
    for (const property of properties) known.add(property)
    this.#touched.set(iCalUId, known)
  }

  isTouched(iCalUId: string, property: string): boolean {
    return this.#touched.get(iCalUId)?.has(property) ?? false
  }

  wrote(iCalUId: string, line: string): void {
    this.#lines.set(iCalUId, [...(this.#lines.get(iCalUId) ?? []), line])
  }

  linesOf(iCalUId: string): readonly string[] {
    return this.#lines.get(iCalUId) ?? []
  }

  /** Of one meeting under all its names, the earliest first. */
  of(meetings: readonly string[], field: Field): Intention[] {
    const all = meetings.flatMap((meeting) => this.#byMeeting.get(meeting) ?? [])
    return all.filter((one) => one.field === field).sort((one, other) => one.atMs - other.atMs)
  }
}

export function timeText({ startsAt, endsAt }: { startsAt: string | Date; endsAt: string | Date }): string {
  return `${new Date(startsAt).toISOString()} ${new Date(endsAt).toISOString()}`
}
