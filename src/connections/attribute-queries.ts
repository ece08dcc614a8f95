import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type AttributeRecord = Selectable<Schema['alias_attributes']>
export type AttributeValueRecord = Selectable<Schema['connection_attributes']>

export async function readAttributes(db: Database, aliasIds: readonly string[]): Promise<AttributeRecord[]> {
  if (aliasIds.length === 0) return []
  return db
    .selectFrom('alias_attributes')
    .selectAll()
    .where('alias_id', 'in', aliasIds)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function readAttributeValues(
  db: Database,
  connectionIds: readonly string[],
): Promise<AttributeValueRecord[]> {
  if (connectionIds.length === 0) return []
  return db.selectFrom('connection_attributes').selectAll().where('connection_id', 'in', connectionIds).execute()
}

/** The values of one attribute, with the connections that have them. */
export async function readValuesOfAttribute(db: Database, attributeId: string) {
  return db
    .selectFrom('connection_attributes')
    .innerJoin('connections', 'connections.id', 'connection_attributes.connection_id')
    .select(['connections.id', 'connections.name', 'connection_attributes.value'])
    .where('connection_attributes.attribute_id', '=', attributeId)
    .orderBy('connections.name')
    .execute()
}

export async function lockAttribute(trx: Database, id: string): Promise<AttributeRecord | undefined> {
  return trx.selectFrom('alias_attributes').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertAttribute(trx: Database, row: Insertable<Schema['alias_attributes']>): Promise<void> {
  await trx.insertInto('alias_attributes').values(row).execute()
}

export async function updateAttributeRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['alias_attributes']>,
): Promise<void> {
  await trx
    .updateTable('alias_attributes')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteAttributeRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('alias_attributes').where('id', '=', id).execute()
}

/** `value` is JSON text; null takes the connection's own value away. */
export async function setAttributeValue(
  trx: Database,
  { connection_id, attribute_id, value }: { connection_id: string; attribute_id: string; value: string | null },
): Promise<void> {
  if (value === null) {
    await trx
      .deleteFrom('connection_attributes')
      .where('connection_id', '=', connection_id)
      .where('attribute_id', '=', attribute_id)
      .execute()
    return
  }
  await trx
    .insertInto('connection_attributes')
    .values({ connection_id, attribute_id, value })
    .onConflict((conflict) => conflict.columns(['connection_id', 'attribute_id']).doUpdateSet({ value }))
    .execute()
}

/** Values that connections of other aliases still hold from the time when they inherited from this one. */
export async function deleteValuesOfAlias(trx: Database, aliasId: string): Promise<void> {
  const attributes = trx.selectFrom('alias_attributes').select('id').where('alias_id', '=', aliasId)
  await trx.deleteFrom('connection_attributes').where('attribute_id', 'in', attributes).execute()
}
