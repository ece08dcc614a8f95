import type { Change } from '../change-log.ts'
import type { EventItem } from '../model.ts'
import type { DeltaPlace, DeltaState } from './delta-token.ts'
import type { MailboxCall } from './graph-call.ts'
import { overlaps } from './time-window.ts'

/** One member of a page: an item as it is, with a version it had before where one is known, or the id of one that is gone. */
export type DeltaRow = { is: 'item'; item: EventItem; older: EventItem | null } | { is: 'removed'; id: string }

export type DeltaPage = {
  rows: DeltaRow[]
  /** Where the round goes on, or null when this was its last page. */
  next: DeltaState | null
  /** Where the next round begins. */
  end: DeltaState
}

export type OpenState = DeltaState & { page: DeltaPlace }

/** The next page of a round; `size` members at most. */
export function pageOf(call: MailboxCall, state: OpenState, size: number): DeltaPage {
  const { page } = state
  const end: DeltaState = { ...state, issuedAt: call.tenant.now().toISOString(), since: page.upTo, page: null }
  const rows: DeltaRow[] = []
  for (const { row, place } of page.of === 'everything' ? everything(call, state, page) : changes(call, state, page)) {
    if (rows.length === size) return { rows, next: { ...state, page: place }, end }
    rows.push(row)
  }
  return { rows, next: null, end }
}

/** The newest change of a mailbox that delta knows of; with a delay, those made since are not there yet. */
export function newestVisible({ tenant, mailbox }: MailboxCall): number {
  const { deltaDelayMs } = tenant.switches
  if (deltaDelayMs === 0) return tenant.changes.lastBefore(mailbox.id)
  return tenant.changes.lastBefore(mailbox.id, new Date(tenant.now().getTime() - deltaDelayMs))
}

type Found = { row: DeltaRow; place: DeltaPlace }

/** Items of the window, oldest first. Items are never taken out of a mailbox's list, so a place in it stays. */
function* everything(call: MailboxCall, state: DeltaState, page: DeltaPlace & { of: 'everything' }): Generator<Found> {
  const { tenant, mailbox } = call
  const versionOf = versionsUpTo(call, page.upTo)
  const records = tenant.events.listBy(mailbox.id)
  for (let at = page.at; at < records.length; at += 1) {
    const item = versionOf(records[at])
    if (item?.mailboxId !== mailbox.id || !overlaps(item, state.window)) continue
    yield { row: { is: 'item', item, older: null }, place: { ...page, at } }
  }
}

/** The newest change of each item, in their order. */
function* changes(call: MailboxCall, state: DeltaState, page: DeltaPlace & { of: 'changes' }): Generator<Found> {
  const { tenant, mailbox } = call
  const versionOf = versionsUpTo(call, page.upTo)
  const histories = historiesOf(call, tenant.changes.between(mailbox.id, state.since, page.upTo) ?? [])
  let after = page.after
  for (const [id, { first, last }] of histories) {
    if (last.sequence <= page.after || last.isSilent) continue
    const place = { ...page, after }
    after = last.sequence
    const item = versionOf(tenant.events.get(last.itemId))
    const older = tenant.changes.versionsOf(last)?.before ?? null
    if (item !== null && overlaps(item, state.window)) yield { row: { is: 'item', item, older }, place }
    else if (tenant.switches.deltaRemovesUnseen || (first.heldAt !== null && overlaps(first.heldAt, state.window)))
      yield { row: { is: 'removed', id }, place }
  }
}

type History = { first: Change; last: Change }

/** Each item's first and last change, by the id the client knows it by, in the order of the last. */
function historiesOf(call: MailboxCall, round: Change[]): Map<string, History> {
  const histories = new Map<string, History>()
  for (const change of round) {
    const id = call.preferences.immutableIds ? change.immutableId : change.itemId
    const first = histories.get(id)?.first ?? change
    histories.delete(id)
    histories.set(id, { first, last: change })
  }
  return histories
}

/** Reads an item as delta shows it: null once it is gone; with a delay, as it was before the changes that are not there yet. */
function versionsUpTo(
  { tenant, mailbox }: MailboxCall,
  upTo: number,
): (item: EventItem | undefined) => EventItem | null {
  const stale = new Map<string, EventItem | null>()
  if (tenant.switches.deltaDelayMs > 0) {
    for (const change of tenant.changes.between(mailbox.id, upTo, Number.MAX_SAFE_INTEGER) ?? []) {
      const versions = tenant.changes.versionsOf(change)
      if (versions !== undefined && !stale.has(change.itemId)) stale.set(change.itemId, versions.before)
    }
  }
  return (item) => {
    const before = item === undefined ? undefined : stale.get(item.id)
    if (before !== undefined) return before
    return item === undefined || item.deletedAt !== null ? null : item
  }
}
