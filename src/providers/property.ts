import { z } from 'zod'
import type { Database } from '#db/database.ts'
import { syncMode } from './contract.ts'
import { selectProperty } from './queries.ts'

/** Every property with its shape and the value it ships with. What an administrator set is in the table `properties`. */
export const propertyShapes = {
  /** The mode of every provider that has none of its own. */
  'sync.mode': syncMode.default('personal'),
  /** How long a room may leave a reservation unanswered before it is freed, in minutes. */
  'sync.unconfirmed_minutes': z.number().int().min(5).max(10_080).default(360),
  /** How far ahead rooms' calendars are read, in days: at least as far as people reserve. */
  'watch.horizon_days': z.number().int().min(1).max(1_825).default(190),
} as const satisfies Record<string, z.ZodType>

type Shapes = typeof propertyShapes
export type PropertyName = keyof Shapes

/** The value of a property: what was set, or what it ships with. A stored value that no longer fits counts as not set. */
export async function readProperty<Name extends PropertyName>(
  db: Database,
  name: Name,
): Promise<z.output<Shapes[Name]>> {
  const shape = propertyShapes[name]
  const stored = shape.safeParse(await selectProperty(db, name))
  return (stored.success ? stored.data : shape.parse(undefined)) as z.output<Shapes[Name]>
}
