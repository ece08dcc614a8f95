import type { Database } from '#db/database.ts'
import { changeRecord, makeRecord, type RecordKind, removeRecord } from './change-record.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type BodyOf, type Editor, listed, type QueryOf, sent, stampOf } from './record.ts'
import type { RetryPolicy } from './retry-decision.ts'
import {
  type createRetryPolicy,
  type listRetryPolicies,
  type RetryPolicyRecord,
  type RetryPolicyRow,
  retryConditions,
  type updateRetryPolicy,
} from './retry-policy.contract.ts'
import {
  clearDefaultPolicy,
  deleteRetryPolicyRow,
  ensureRetryPolicy,
  insertRetryPolicy,
  listRetryPolicyRows,
  lockRetryPolicy,
  type RetryPolicyDbRow,
  readAliasesOfPolicy,
  readPolicyOrDefault,
  readRetryPolicyRow,
  updateRetryPolicyRow,
} from './retry-policy-queries.ts'

/** What a policy says where its form says nothing, and what the shipped default does. */
const standard = {
  strategy: 'retry_after',
  attempts_max: 4,
  first_wait_ms: 1_000,
  wait_max_ms: 60_000,
  total_ms: 120_000,
  conditions: JSON.stringify({
    statuses: [429, 503, 504],
    headers: [],
    bodyContains: [],
    errors: ['no_answer', 'unreachable'],
    methods: null,
  }),
} as const

/** The policy that every alias follows which, with its parents, names no other. */
export async function shipDefaultPolicy(trx: Database, id: string): Promise<void> {
  const description =
    'Waits as long as the server asks for in Retry-After, and doubles its own wait where it does not say.'
  await ensureRetryPolicy(trx, { id, name: 'Honour Retry-After', ...standard, is_default: true, description })
}

export async function listPolicies({ db }: ConnectionsDeps, query: QueryOf<typeof listRetryPolicies>) {
  const { rows, total } = await listRetryPolicyRows(db, query)
  return { rows: rows.map(rowOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.retry_policy_not_found` */
export async function readPolicy(db: Database, id: string): Promise<RetryPolicyRecord> {
  const row = await readRetryPolicyRow(db, id)
  if (row === undefined) throw refused('connections.retry_policy_not_found')
  const aliases = await readAliasesOfPolicy(db, id)
  return {
    ...rowOf(row),
    firstWaitMs: row.first_wait_ms,
    waitMaxMs: row.wait_max_ms,
    conditions: retryConditions.parse(row.conditions),
    description: row.description,
    aliases: aliases.map(({ alias_id: aliasId, ...alias }) => ({ ...alias, aliasId })),
  }
}

/** The policy that calls follow whose alias, or nearest parent, names this one; null when there is none at all. */
export async function readPolicyToFollow(
  db: Database,
  id: string | null,
): Promise<(RetryPolicy & { id: string }) | null> {
  const row = await readPolicyOrDefault(db, id)
  return row === undefined ? null : policyOf(row)
}

/** @throws `connections.retry_policy_exists` */
export async function createPolicy(deps: ConnectionsDeps, body: BodyOf<typeof createRetryPolicy>, editor: Editor) {
  return makeRecord(deps, policyKind, editor, async ({ db: trx }, id) => {
    if (body.isDefault) await clearDefaultPolicy(trx)
    const row = { ...standard, ...columnsOf(body), id, name: body.name, updated_by: editor.actor.displayName }
    await insertRetryPolicy(trx, row)
    return row.name
  })
}

/** @throws `connections.retry_policy_not_found`, `connections.retry_policy_exists`, `connections.retry_policy_is_default` */
export async function updatePolicy(
  deps: ConnectionsDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateRetryPolicy>,
  editor: Editor,
) {
  const change = { id, version, fields: Object.keys(body) }
  return changeRecord(deps, policyKind, { change, editor }, async ({ db: trx }, row) => {
    if (row.is_default && body.isDefault === false) throw refused('connections.retry_policy_is_default')
    if (body.isDefault) await clearDefaultPolicy(trx)
    await updateRetryPolicyRow(trx, id, { ...columnsOf(body), updated_by: editor.actor.displayName })
  })
}

/** @throws `connections.retry_policy_not_found`, `connections.retry_policy_in_use` naming the aliases, `connections.retry_policy_is_default` */
export async function deletePolicy(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await removeRecord(deps, policyKind, { id, editor }, async ({ db: trx }, row) => {
    if (row.is_default) throw refused('connections.retry_policy_is_default')
    const aliases = await readAliasesOfPolicy(trx, id)
    if (aliases.length > 0) {
      const say = `The aliases ${listed(aliases.map((alias) => alias.alias_id))} follow this policy. Give them another one first.`
      throw refused('connections.retry_policy_in_use', { say, facts: { aliases } })
    }
    await deleteRetryPolicyRow(trx, id)
  })
}

const policyKind: RecordKind<RetryPolicyDbRow, RetryPolicyRecord> = {
  noun: 'retry_policy',
  notFound: 'connections.retry_policy_not_found',
  constraints: { retry_policies_name: 'connections.retry_policy_exists' },
  lock: lockRetryPolicy,
  read: ({ db }, id) => readPolicy(db, id),
  nameOf: (row) => row.name,
}

function columnsOf(fields: Partial<Omit<BodyOf<typeof updateRetryPolicy>, 'version'>>) {
  return sent({
    name: fields.name,
    strategy: fields.strategy,
    attempts_max: fields.attemptsMax,
    first_wait_ms: fields.firstWaitMs,
    wait_max_ms: fields.waitMaxMs,
    total_ms: fields.totalMs,
    conditions: fields.conditions === undefined ? undefined : JSON.stringify(fields.conditions),
    is_default: fields.isDefault,
    description: fields.description,
  })
}

function policyOf(row: RetryPolicyDbRow): RetryPolicy & { id: string } {
  return {
    id: row.id,
    name: row.name,
    strategy: row.strategy,
    attemptsMax: row.attempts_max,
    firstWaitMs: row.first_wait_ms,
    waitMaxMs: row.wait_max_ms,
    totalMs: row.total_ms,
    conditions: retryConditions.parse(row.conditions),
  }
}

function rowOf(row: RetryPolicyDbRow & { alias_count: string | null }): RetryPolicyRow {
  return {
    id: row.id,
    name: row.name,
    strategy: row.strategy,
    attemptsMax: row.attempts_max,
    totalMs: row.total_ms,
    isDefault: row.is_default,
    aliasCount: Number(row.alias_count ?? 0),
    ...stampOf(row),
  }
}
