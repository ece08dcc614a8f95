import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { ConnectionsDeps } from './deps.ts'
import { type ConnectionErrorCode, refused } from './errors.ts'
import { auditChange, type Editor, refusing, requireVersion, type Stamped } from './record.ts'

/** What all records of one kind have in common, for the verbs that make, change and remove one. */
export type RecordKind<Row extends Stamped, Answer extends object> = {
  /** As the trail calls it: `connections.update_NOUN`. */
  noun: string
  /** What the trail calls the record itself, where that is another word. */
  subject?: string
  notFound: ConnectionErrorCode
  /** Constraints of the table, and the refusals they stand for. */
  constraints: Readonly<Record<string, ConnectionErrorCode>>
  lock: (trx: Database, id: string) => Promise<Row | undefined>
  /** The record as it is answered, read within the transaction. */
  read: (deps: ConnectionsDeps, id: string) => Promise<Answer>
  nameOf: (row: Row) => string
}

/** Who changes what, and from which reading of it. */
export type Change = {
  id: string
  /** A write from an older reading is refused. Left out where a part of the record changes that its form does not hold. */
  version?: number | undefined
  /** Names of the fields that were sent, for the trail; never their values. */
  fields?: readonly string[]
  /** What the trail calls it, where it is not simply an update. */
  action?: string
  details?: Readonly<Record<string, unknown>>
}

/**
 * Makes a record in one transaction with its entry in the trail.
 * @param insert writes it under the id that it is given, and says its name
 */
export function makeRecord<Row extends Stamped, Answer extends object>(
  deps: ConnectionsDeps,
  kind: RecordKind<Row, Answer>,
  editor: Editor,
  insert: (within: ConnectionsDeps, id: string) => Promise<string>,
): Promise<Answer> {
  const id = deps.seams.newId()
  return refusing(kind.constraints, () =>
    transaction(deps.db, async (trx) => {
      const within = { ...deps, db: trx }
      const name = await insert(within, id)
      const subject = { kind: kind.subject ?? kind.noun, id, name }
      await auditChange(trx, editor, { action: `connections.create_${kind.noun}`, subject })
      return kind.read(within, id)
    }),
  )
}

/**
 * Changes a record: locked, found, read in the version that is there now, written, and noted in the trail, all or nothing.
 * @throws the kind's `notFound`, the refusals of its constraints, `connections.changed_by_someone_else`
 */
export function changeRecord<Row extends Stamped, Answer extends object>(
  deps: ConnectionsDeps,
  kind: RecordKind<Row, Answer>,
  { change, editor }: { change: Change; editor: Editor },
  write: (within: ConnectionsDeps, row: Row) => Promise<void>,
): Promise<Answer> {
  return refusing(kind.constraints, () =>
    transaction(deps.db, async (trx) => {
      const within = { ...deps, db: trx }
      const row = await locked(trx, kind, change.id)
      if (change.version !== undefined) requireVersion(row, change.version, await kind.read(within, change.id))
      await write(within, row)
      await auditChange(trx, editor, {
        action: `connections.${change.action ?? `update_${kind.noun}`}`,
        subject: subjectOf(kind, row, change.id),
        details: { ...(change.fields ? { fields: change.fields } : {}), ...change.details },
      })
      return kind.read(within, change.id)
    }),
  )
}

/** Removes a record that nothing needs any more: `remove` refuses if something does. @throws the kind's `notFound` */
export function removeRecord<Row extends Stamped, Answer extends object>(
  deps: ConnectionsDeps,
  kind: RecordKind<Row, Answer>,
  { id, editor }: { id: string; editor: Editor },
  remove: (within: ConnectionsDeps, row: Row) => Promise<void>,
): Promise<void> {
  return transaction(deps.db, async (trx) => {
    const row = await locked(trx, kind, id)
    await remove({ ...deps, db: trx }, row)
    await auditChange(trx, editor, { action: `connections.delete_${kind.noun}`, subject: subjectOf(kind, row, id) })
  })
}

async function locked<Row extends Stamped, Answer extends object>(
  trx: Database,
  { lock, notFound }: RecordKind<Row, Answer>,
  id: string,
): Promise<Row> {
  const row = await lock(trx, id)
  if (row === undefined) throw refused(notFound)
  return row
}

function subjectOf<Row extends Stamped, Answer extends object>(kind: RecordKind<Row, Answer>, row: Row, id: string) {
  return { kind: kind.subject ?? kind.noun, id, name: kind.nameOf(row) }
}
