import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import type { WrittenLetter } from './letter.ts'

export type LetterRecord = Selectable<Schema['letters']>

export async function insertLetter(trx: Database, letter: WrittenLetter, about: string): Promise<void> {
  const { id, to, subject, text, writtenAt } = letter
  await trx
    .insertInto('letters')
    .values({ id, to_name: to.name, to_email: to.email, subject, text, about, written_at: writtenAt })
    .execute()
}

/**
 * The letter that is due longest, for this caller alone until the given time is over: whoever is killed with it leaves it to the next.
 * The times are the database's.
 */
export async function claimLetter(db: Database, claimMs: number): Promise<LetterRecord | undefined> {
  const due = db
    .selectFrom('letters')
    .select('id')
    .where('state', '=', 'waiting')
    .where('due_at', '<=', sql<Date>`clock_timestamp()`)
    .orderBy('due_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
  return db
    .updateTable('letters')
    .set({ due_at: afterMs(claimMs), tries: sql`tries + 1` })
    .where('id', 'in', due)
    .returningAll()
    .executeTakeFirst()
}

export async function noteSent(db: Database, id: string, at: Date): Promise<void> {
  await db
    .updateTable('letters')
    .set({ state: 'sent', sent_at: at, trouble: null })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}

/** Null: it is not tried again. */
export async function noteTrouble(
  db: Database,
  id: string,
  trouble: string,
  againAfterMs: number | null,
): Promise<void> {
  await db
    .updateTable('letters')
    .set(againAfterMs === null ? { state: 'failed', trouble } : { due_at: afterMs(againAfterMs), trouble })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute()
}

/** The letter is due at once, from the beginning of its patience; undefined when there is none that was not sent. */
export async function makeDueAgain(trx: Database, id: string, now: Date): Promise<LetterRecord | undefined> {
  return trx
    .updateTable('letters')
    .set({ state: 'waiting', due_at: sql`clock_timestamp()`, written_at: now, tries: 0 })
    .where('id', '=', id)
    .where('state', '<>', 'sent')
    .returningAll()
    .executeTakeFirst()
}

export async function deleteLettersBefore(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('letters').where('state', '<>', 'waiting').where('written_at', '<', before).execute()
}

export async function countLetters(db: Database): Promise<Record<LetterRecord['state'], number>> {
  const rows = await db
    .selectFrom('letters')
    .select(['state', sql<number>`count(*)::integer`.as('letters')])
    .groupBy('state')
    .execute()
  const counted = Object.fromEntries(rows.map(({ state, letters }) => [state, letters]))
  return { waiting: counted.waiting ?? 0, sent: counted.sent ?? 0, failed: counted.failed ?? 0 }
}

export type LetterFilter = { q?: string | undefined; state?: LetterRecord['state'] | undefined }

export async function readLettersPage(
  db: Database,
  filter: LetterFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: LetterRecord[]; total: number }> {
  const rows = await matching(db, filter)
    .selectAll()
    .orderBy('written_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .execute()
  const counted = await matching(db, filter)
    .select(sql<number>`count(*)::integer`.as('total'))
    .executeTakeFirstOrThrow()
  return { rows, total: counted.total }
}

type Letters = SelectQueryBuilder<Schema, 'letters', object>

function matching(db: Database, { q, state }: LetterFilter): Letters {
  let query: Letters = db.selectFrom('letters')
  if (state !== undefined) query = query.where('state', '=', state)
  if (q === undefined || q === '') return query
  // What a person typed is text, never a pattern.
  const part = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`
  return query.where(sql<boolean>`(to_name ilike ${part} or to_email ilike ${part} or subject ilike ${part})`)
}

function afterMs(ms: number) {
  return sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`
}
