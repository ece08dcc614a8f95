import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { QueryOf } from '#http/contract.ts'
import type { WatchDeps } from './deps.ts'
import { refused } from './errors.ts'
import {
  type CalendarItemRecord,
  type CalendarItemRow,
  countedMax,
  type listCalendarItems,
  type ProcessOutcome,
} from './item.contract.ts'
import { type CalendarItemsRow, makeDue, selectCalendarItem, selectCalendarItems } from './list-queries.ts'
import { roomView } from './room-view.ts'

export async function listItems(db: Database, query: QueryOf<typeof listCalendarItems>) {
  const { rows, ...counts } = await selectCalendarItems(db, query, countedMax)
  return { rows: rows.map(itemOf), ...counts, page: query.page, pageSize: query.pageSize }
}

/** @throws `watch.item_not_found` */
export async function readItem(db: Database, id: string): Promise<CalendarItemRecord> {
  const row = await selectCalendarItem(db, id)
  if (row === undefined) throw refused('watch.item_not_found')
  return {
    ...itemOf(row),
    eventId: row.event_id,
    iCalUId: row.i_cal_uid,
    etag: row.etag,
    digest: row.digest,
    planAttempts: row.plan_attempts,
    firstSeenAt: row.first_seen_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
    goneAt: row.gone_at?.toISOString() ?? null,
    view: row.view,
  }
}

/** Has these compared with the reservations once more, now. */
export async function processItems(deps: WatchDeps, ids: readonly string[]): Promise<ProcessOutcome[]> {
  const due = await transaction(deps.db, async (trx) => {
    const made = await makeDue(trx, ids, deps.seams.now())
    for (const roomId of new Set(made.map(({ room_id }) => room_id))) await deps.apply(trx, roomId)
    return new Set(made.map(({ id }) => id))
  })
  return ids.map((id) =>
    due.has(id)
      ? { id, ok: true, say: 'It is compared with the reservations now.' }
      : { id, ok: false, say: refused('watch.item_not_found').message },
  )
}

function itemOf(row: CalendarItemsRow): CalendarItemRow {
  const view = roomView.parse(row.view)
  return {
    id: row.id,
    room: { id: row.room_id, name: row.room_name },
    subject: view.subject,
    organizer: view.organizer === null ? null : view.organizer.name || view.organizer.address,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    answer: view.answer,
    state: row.plan_due_at === null ? 'compared' : row.plan_attempts > 0 ? 'failed' : 'due',
    gone: row.gone_why,
    isMissing: row.missing_at !== null,
    decision: row.decision,
    why: row.decision_why,
    error: row.last_error_code === null ? null : { code: row.last_error_code, say: row.last_error_say ?? '' },
    reservationId: row.reservation_id,
    changedAt: row.changed_at.toISOString(),
    plannedAt: row.planned_at?.toISOString() ?? null,
    dueAt: row.plan_due_at?.toISOString() ?? null,
  }
}
