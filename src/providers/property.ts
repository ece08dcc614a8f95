import type { Database } from '#db/database.ts'
import { type PropertyName, type PropertyValue, properties } from './properties.ts'
import { selectProperty } from './queries.ts'

export type { PropertyName } from './properties.ts'

/** The value of a property: what was set, or what it ships with. A stored value that no longer fits counts as not set. */
export async function readProperty<Name extends PropertyName>(db: Database, name: Name): Promise<PropertyValue<Name>> {
  return propertyOf(name, await selectProperty(db, name))
}

/** The same of what the table holds; undefined when it holds nothing. */
export function propertyOf<Name extends PropertyName>(name: Name, held: unknown): PropertyValue<Name> {
  const { shape, shipped } = properties[name]
  const stored = shape.safeParse(held)
  return (stored.success ? stored.data : shipped) as PropertyValue<Name>
}
