import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import type { BodyOf } from '#http/contract.ts'
import { listed } from '#kit/listed.ts'
import { selectProvidersWithoutDelegatedUser } from './calendar-provider-queries.ts'
import type { ConfiguringDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type PropertyDefinition, type PropertyName, properties, propertyNames } from './properties.ts'
import type { Property, setProperty as setContract } from './property.contract.ts'
import { deleteProperty, lockProperty, selectProperties, upsertProperty } from './property-queries.ts'
import { auditChange } from './record.ts'

type Row = Awaited<ReturnType<typeof selectProperties>>[number]

/** Every property with its value. */
export async function listProperties(db: Database): Promise<{ properties: Property[] }> {
  const rows = await selectProperties(db)
  return { properties: propertyNames.map((name) => propertyOf(name, rows)) }
}

/**
 * Sets a property, or with null gives it back the value that it ships with.
 * @throws `providers.property_not_found`, `providers.property_refused`, `providers.delegated_user_missing`, `providers.changed_by_someone_else`
 */
export async function setProperty(
  deps: ConfiguringDeps,
  asked: string,
  { value, version }: BodyOf<typeof setContract>,
  editor: Editor,
): Promise<Property> {
  const name = known(asked)
  const wanted = value === null ? null : parsed(name, value)
  const changed = await transaction(deps.db, async (trx) => {
    const row = await lockProperty(trx, name)
    if (version !== undefined && version !== (row?.version ?? 0)) throw overtaken(row)
    const before = propertyOf(name, row === undefined ? [] : [row]).value
    const after = wanted ?? properties[name].shipped
    if (name === 'sync.mode' && after !== 'normal') await requireDelegatedUsers(trx, String(after))
    if (wanted === null) await deleteProperty(trx, name)
    else await upsertProperty(trx, { name, value: wanted, by: editor.actor.displayName })
    const subject = { kind: 'property', id: name, name } as const
    await auditChange(trx, editor, { action: 'providers.set_property', subject, details: { from: before, to: after } })
    return propertyOf(name, await selectProperties(trx))
  })
  deps.publish({ topic: 'provider', id: name, userId: null })
  await deps.changed('all')
  return changed
}

function known(name: string): PropertyName {
  const found = propertyNames.find((candidate) => candidate === name)
  if (found === undefined) throw refused('providers.property_not_found')
  return found
}

function parsed(name: PropertyName, value: unknown): unknown {
  const result = definitionOf(name).shape.safeParse(value)
  if (result.success) return result.data
  const { choices } = definitionOf(name)
  const say = choices.length > 0 ? `Choose one of ${listed(choices)}.` : (result.error.issues[0]?.message ?? '')
  throw refused('providers.property_refused', { say, fields: { value: say } })
}

function overtaken(row: Row | undefined) {
  return refused('providers.changed_by_someone_else', {
    facts: { current: row?.version ?? 0, updatedBy: row?.updated_by, updatedAt: row?.updated_at.toISOString() },
  })
}

/** A mode in which somebody must act for the system is not taken on while a provider does not say who. */
async function requireDelegatedUsers(trx: Database, mode: string): Promise<void> {
  const without = await selectProvidersWithoutDelegatedUser(trx)
  if (without.length === 0) return
  const names = listed(without.map(({ name }) => name))
  const say = `In ${mode} mode a delegated mailbox acts for the system, and ${names} ${without.length === 1 ? 'names' : 'name'} none. Enter the delegated user on its form first, or give it a mode of its own.`
  throw refused('providers.delegated_user_missing', { say, facts: { providers: without }, fields: { value: say } })
}

function definitionOf(name: PropertyName): PropertyDefinition {
  return properties[name]
}

function propertyOf(name: PropertyName, rows: readonly Row[]): Property {
  const { shape, ...definition } = definitionOf(name)
  const row = rows.find((candidate) => candidate.name === name)
  const stored = shape.safeParse(row?.value)
  const shipped = definition.shipped as Property['shipped']
  return {
    ...definition,
    name,
    shipped,
    choices: [...definition.choices],
    value: stored.success ? (stored.data as Property['value']) : shipped,
    isSet: row !== undefined,
    version: row?.version ?? 0,
    updatedAt: row?.updated_at.toISOString() ?? null,
    updatedBy: row?.updated_by ?? null,
  }
}
