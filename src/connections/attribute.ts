import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { lockAliasRow } from './alias-queries.ts'
import type {
  Attribute,
  AttributeOfConnection,
  AttributeType,
  AttributeValue,
  createAttribute as createContract,
  updateAttribute as updateContract,
} from './attribute.contract.ts'
import {
  type AttributeRecord,
  deleteAttributeRow,
  insertAttribute,
  lockAttribute,
  readAttributes,
  readAttributeValues,
  readValuesOfAttribute,
  setAttributeValue,
  updateAttributeRow,
} from './attribute-queries.ts'
import { attributesOf, converted, effectiveAttributes, valueOfType } from './attribute-value.ts'
import type { ConnectionRecord } from './connection-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { LineageStep } from './lineage-queries.ts'
import { auditChange, type BodyOf, type Editor, listed, refusing, requireVersion, sent } from './record.ts'

/** What connections of this alias may say. `lineage` begins with the alias itself. */
export async function readAttributesOfAlias(db: Database, lineage: readonly LineageStep[]): Promise<Attribute[]> {
  const all = await readAttributes(db, idsOf(lineage))
  return attributesOf(lineage, all).map((row) => attributeOf(row, lineage))
}

/** What a connection says, with what it inherits. */
export async function readAttributesOfConnection(
  db: Database,
  connection: ConnectionRecord,
  lineage: readonly LineageStep[],
): Promise<AttributeOfConnection[]> {
  const attributes = await readAttributes(db, idsOf(lineage))
  if (attributes.length === 0) return []
  const parents = lineage.slice(1).flatMap(({ activeConnection }) => activeConnection?.id ?? [])
  const values = await readAttributeValues(db, [connection.id, ...parents])
  return effectiveAttributes(connection, lineage, { attributes, values })
}

/** Sets a connection's own values by name; null inherits. @throws `connections.attribute_not_found`, `connections.attribute_value_refused` */
export async function setAttributes(
  trx: Database,
  connectionId: string,
  lineage: readonly LineageStep[],
  values: Readonly<Record<string, AttributeValue | null>>,
): Promise<void> {
  const known = attributesOf(lineage, await readAttributes(trx, idsOf(lineage)))
  for (const [name, value] of Object.entries(values)) {
    const attribute = known.find((one) => one.name.toLowerCase() === name.toLowerCase())
    if (attribute === undefined) throw unknownAttribute(name)
    if (value !== null && typeof value !== attribute.type) throw wrongType(`attributes.${name}`, attribute)
    const json = value === null ? null : JSON.stringify(value)
    await setAttributeValue(trx, { connection_id: connectionId, attribute_id: attribute.id, value: json })
  }
}

/** @throws `connections.alias_not_found`, `connections.attribute_exists`, `connections.attribute_value_refused` */
export async function createAttribute(
  deps: ConnectionsDeps,
  aliasId: string,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<Attribute> {
  const id = deps.seams.newId()
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const alias = await lockAliasRow(trx, aliasId)
      if (alias === undefined) throw refused('connections.alias_not_found')
      requireDefault(body.type, body)
      const row = {
        id,
        alias_id: aliasId,
        name: body.name,
        label: body.label ?? body.name,
        type: body.type,
        description: body.description ?? '',
        default_value: jsonOrNull(body.defaultValue),
        updated_by: editor.actor.displayName,
      }
      await insertAttribute(trx, row)
      const details = { attribute: body.name, type: body.type }
      const subject = { kind: 'alias', id: aliasId, name: alias.alias_id }
      await auditChange(trx, editor, { action: 'connections.create_attribute', subject, details })
      return readOne(trx, id)
    }),
  )
}

/**
 * Changes an attribute that may be in use. Values hang on its id, so a new name loses none; a new type converts every value, or is refused
 * with the names of the connections whose value has no meaning in it.
 */
export async function updateAttribute(
  deps: ConnectionsDeps,
  { id: aliasId, attributeId }: { id: string; attributeId: string },
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<Attribute> {
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockAttribute(trx, attributeId)
      if (row === undefined || row.alias_id !== aliasId) throw refused('connections.attribute_not_found')
      requireVersion(row, version, await readOne(trx, attributeId))
      const type = body.type ?? row.type
      requireDefault(type, body)
      if (type !== row.type) await convertValues(trx, row, type)
      const standard = body.defaultValue === undefined ? converted(row.default_value, type) : body.defaultValue
      const change = sent({ name: body.name, label: body.label, type: body.type, description: body.description })
      await updateAttributeRow(trx, attributeId, {
        ...change,
        default_value: jsonOrNull(standard),
        updated_by: editor.actor.displayName,
      })
      const details = { attribute: row.name, fields: Object.keys(body) }
      const subject = { kind: 'alias', id: aliasId, name: (await lockAliasRow(trx, aliasId))?.alias_id ?? '' }
      await auditChange(trx, editor, { action: 'connections.update_attribute', subject, details })
      return readOne(trx, attributeId)
    }),
  )
}

/** @throws `connections.attribute_not_found`, `connections.attribute_in_use` naming the connections */
export async function deleteAttribute(
  deps: ConnectionsDeps,
  { id: aliasId, attributeId }: { id: string; attributeId: string },
  editor: Editor,
): Promise<void> {
  await transaction(deps.db, async (trx) => {
    const row = await lockAttribute(trx, attributeId)
    if (row === undefined || row.alias_id !== aliasId) throw refused('connections.attribute_not_found')
    const users = await readValuesOfAttribute(trx, attributeId)
    if (users.length > 0) {
      const say = `${listed(users.map(({ name }) => name))} have a value for it. Take their values away first.`
      const connections = users.map(({ id, name }) => ({ id, name }))
      throw refused('connections.attribute_in_use', { say, facts: { connections } })
    }
    await deleteAttributeRow(trx, attributeId)
    const subject = { kind: 'alias', id: aliasId, name: (await lockAliasRow(trx, aliasId))?.alias_id ?? '' }
    await auditChange(trx, editor, {
      action: 'connections.delete_attribute',
      subject,
      details: { attribute: row.name },
    })
  })
}

const constraints = { alias_attributes_name: 'connections.attribute_exists' } as const

const idsOf = (lineage: readonly LineageStep[]) => lineage.map(({ alias }) => alias.id)

async function readOne(trx: Database, id: string): Promise<Attribute> {
  const row = await lockAttribute(trx, id)
  if (row === undefined) throw refused('connections.attribute_not_found')
  return attributeOf(row, [])
}

function attributeOf(row: AttributeRecord, lineage: readonly LineageStep[]): Attribute {
  const from = lineage.slice(1).find(({ alias }) => alias.id === row.alias_id)
  return {
    id: row.id,
    name: row.name,
    label: row.label,
    type: row.type,
    description: row.description,
    defaultValue: valueOfType(row.type, row.default_value),
    inheritedFrom: from?.alias.alias_id ?? null,
    version: row.version,
  }
}

async function convertValues(trx: Database, row: AttributeRecord, type: AttributeType): Promise<void> {
  const values = await readValuesOfAttribute(trx, row.id)
  const lost = values.filter(({ value }) => converted(value, type) === null)
  if (lost.length > 0) {
    const say = `The values of ${listed(lost.map(({ name }) => name))} are no ${typeWords[type]}. Change them first.`
    const connections = lost.map(({ id, name }) => ({ id, name }))
    throw refused('connections.attribute_value_refused', { say, fields: { type: say }, facts: { connections } })
  }
  for (const { id, value } of values) {
    const json = JSON.stringify(converted(value, type))
    await setAttributeValue(trx, { connection_id: id, attribute_id: row.id, value: json })
  }
}

function requireDefault(
  type: AttributeType,
  { defaultValue }: { defaultValue?: AttributeValue | null | undefined },
): void {
  if (defaultValue === undefined || defaultValue === null || typeof defaultValue === type) return
  throw wrongType('defaultValue', { type })
}

const typeWords = { string: 'text', number: 'number', boolean: 'yes or no' }

function wrongType(field: string, { type }: { type: AttributeType }) {
  const say = `Give a ${typeWords[type]} here.`
  return refused('connections.attribute_value_refused', { say, fields: { [field]: say } })
}

function unknownAttribute(name: string) {
  const say = `Neither the alias nor a parent of it defines ${name}. Define it on the alias first.`
  return refused('connections.attribute_not_found', { say, fields: { [`attributes.${name}`]: say } })
}

const jsonOrNull = (value: AttributeValue | null | undefined) => (value == null ? null : JSON.stringify(value))
