import type { EventItem } from './model.ts'
import type { Collection, Store } from './store.ts'

export type ChangeKind = 'created' | 'updated' | 'deleted'

/** One change of one item a mailbox shows, numbered within its mailbox from 1 without gaps. */
export type Change = {
  id: string
  mailboxId: string
  sequence: number
  at: string
  kind: ChangeKind
  itemId: string
  immutableId: string
  /** When the item took place before, null when it was not there: tells which windows held it. */
  heldAt: { startsAt: string; endsAt: string } | null
  /** Delta says nothing of it. */
  isSilent: boolean
}

/** The item before and after, as far as this process saw the change; null where it was not there. */
export type Versions = { before: EventItem | null; after: EventItem | null }

export type ChangeRules = { now: () => Date; keep: () => number; silences: (kind: ChangeKind) => boolean }

type MailboxLog = { first: number; next: number; changes: Change[] }
/** Where a mailbox's numbering stood when its log was last thrown away. */
type Mark = { id: string; first: number }

/**
 * What happened in each mailbox, newest changes only: what delta queries and notifications are made of. It listens to the events
 * themselves, so that no way of changing one can be forgotten.
 */
export class ChangeLog {
  readonly #changes: Collection<Change>
  readonly #marks: Collection<Mark>
  readonly #logs = new Map<string, MailboxLog>()
  readonly #versions = new Map<string, Versions>()
  readonly #listeners: ((change: Change, versions: Versions) => void)[] = []
  readonly #rules: ChangeRules

  constructor(store: Store, events: Collection<EventItem>, rules: ChangeRules) {
    this.#changes = store.collection('changes')
    this.#marks = store.collection('changeMarks')
    this.#rules = rules
    this.#recall()
    events.watch((before, after) => this.#note(shown(before), shown(after)))
  }

  /** Tells of every change from now on. */
  watch(listener: (change: Change, versions: Versions) => void): void {
    this.#listeners.push(listener)
  }

  /** The number of the newest change, or of the newest made before `until`. */
  lastBefore(mailboxId: string, until?: Date): number {
    const { next, first, changes } = this.#logOf(mailboxId)
    if (until === undefined) return next - 1
    const limit = until.toISOString()
    return changes.findLast((change) => change.at <= limit)?.sequence ?? first - 1
  }

  /** Changes after one number up to another, oldest first, or null when the log no longer reaches back so far. */
  between(mailboxId: string, after: number, upTo: number): Change[] | null {
    const { first, next, changes } = this.#logOf(mailboxId)
    if (after < first - 1 || after >= next) return null
    return changes.slice(after + 1 - first, Math.max(0, upTo + 1 - first))
  }

  versionsOf(change: Change): Versions | undefined {
    return this.#versions.get(change.id)
  }

  /** Throws a mailbox's log away: whoever held a place in it must begin again. */
  evict(mailboxId: string): void {
    const log = this.#logOf(mailboxId)
    for (const change of log.changes) this.#forget(change)
    log.changes = []
    // A number is left out, so that even a place at the very end is gone.
    log.next += 1
    log.first = log.next
    this.#marks.put({ id: mailboxId, first: log.first })
  }

  clear(): void {
    this.#changes.clear()
    this.#marks.clear()
    this.#logs.clear()
    this.#versions.clear()
  }

  #note(before: EventItem | null, after: EventItem | null): void {
    const item = after ?? before
    if (item === null) return
    const log = this.#logOf(item.mailboxId)
    const kind = kindOf(before, after)
    const change = this.#changes.put({
      id: `${item.mailboxId}:${log.next}`,
      mailboxId: item.mailboxId,
      sequence: log.next,
      at: this.#rules.now().toISOString(),
      kind,
      itemId: item.id,
      immutableId: item.immutableId,
      heldAt: before === null ? null : { startsAt: before.startsAt, endsAt: before.endsAt },
      isSilent: this.#rules.silences(kind),
    })
    log.next += 1
    log.changes.push(change)
    this.#versions.set(change.id, { before, after })
    this.#trim(log)
    for (const listener of this.#listeners) listener(change, { before, after })
  }

  #trim(log: MailboxLog): void {
    const surplus = log.changes.length - this.#rules.keep()
    for (const change of surplus > 0 ? log.changes.splice(0, surplus) : []) this.#forget(change)
    log.first = log.next - log.changes.length
  }

  #forget(change: Change): void {
    this.#changes.delete(change.id)
    this.#versions.delete(change.id)
  }

  #logOf(mailboxId: string): MailboxLog {
    const known = this.#logs.get(mailboxId)
    if (known !== undefined) return known
    const first = this.#marks.get(mailboxId)?.first ?? 1
    const log = { first, next: first, changes: [] }
    this.#logs.set(mailboxId, log)
    return log
  }

  #recall(): void {
    for (const change of this.#changes.values()) {
      const log = this.#logOf(change.mailboxId)
      if (log.changes.length === 0) log.first = change.sequence
      log.changes.push(change)
      log.next = change.sequence + 1
    }
  }
}

/** What is in Deleted Items is not there. */
function shown(item: EventItem | undefined): EventItem | null {
  return item === undefined || item.deletedAt !== null ? null : item
}

function kindOf(before: EventItem | null, after: EventItem | null): ChangeKind {
  if (before === null) return 'created'
  return after === null ? 'deleted' : 'updated'
}
