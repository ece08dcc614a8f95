import type { AttributeOfConnection, AttributeType, AttributeValue } from './attribute.contract.ts'
import type { AttributeRecord, AttributeValueRecord } from './attribute-queries.ts'
import type { ConnectionRecord } from './connection-queries.ts'
import { firstOf } from './inheritance.ts'
import type { LineageStep } from './lineage-queries.ts'

/** What the database holds as JSON, as the type that the definition names; null when it is nothing or does not fit. */
export function valueOfType(type: AttributeType, value: unknown): AttributeValue | null {
  return typeof value === type ? (value as AttributeValue) : null
}

/** The same value under another type, or null when it has no meaning there: `"12"` is a number, `"twelve"` is not. */
export function converted(value: unknown, type: AttributeType): AttributeValue | null {
  if (typeof value === type) return value as AttributeValue
  if (type === 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
  if (typeof value !== 'string') return null
  if (type === 'boolean') return value === 'true' ? true : value === 'false' ? false : null
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null
}

/** The definitions that hold for the first alias of a lineage: its own and its parents', the nearest of each name. */
export function attributesOf(lineage: readonly LineageStep[], all: readonly AttributeRecord[]): AttributeRecord[] {
  const nearest = new Map<string, AttributeRecord>()
  for (const { alias } of lineage.toReversed()) {
    for (const attribute of all) {
      if (attribute.alias_id === alias.id) nearest.set(attribute.name.toLowerCase(), attribute)
    }
  }
  return [...nearest.values()]
}

/** The value of every attribute on a connection: its own, the nearest parent connection's, or the definition's default. */
export function effectiveAttributes(
  connection: ConnectionRecord,
  lineage: readonly LineageStep[],
  known: { attributes: readonly AttributeRecord[]; values: readonly AttributeValueRecord[] },
): AttributeOfConnection[] {
  const parents = lineage.slice(1).flatMap(({ activeConnection }) => activeConnection ?? [])
  return attributesOf(lineage, known.attributes).map(
    ({ id, name, label, type, description, default_value: standard }) => {
      const chain = [connection, ...parents].map((one) => {
        const found = known.values.find((value) => value.connection_id === one.id && value.attribute_id === id)
        return { name: one.name, value: valueOfType(type, found?.value) }
      })
      const effective = firstOf<AttributeValue | null>(chain, valueOfType(type, standard))
      return { name, label, type, description, ...effective }
    },
  )
}
