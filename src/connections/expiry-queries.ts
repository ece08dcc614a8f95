import { sql } from 'kysely'
import type { Database } from '#db/database.ts'

export type ExpiringRow = {
  kind: 'client_secret' | 'token'
  /** What the warning is about: the OAuth app or the token. */
  warning_id: string
  subject_id: string
  subject_name: string
  user_id: string | null
  account: string | null
  expires_on: string
  warned_at: Date | null
}

/** Client secrets whose date is known, and tokens that lapse before then. A token that is renewed weekly never comes near. */
export async function readExpiring(
  db: Database,
  { secretsBefore, tokensBefore, limit }: { secretsBefore: Date; tokensBefore: Date; limit: number },
): Promise<ExpiringRow[]> {
  const { rows } = await sql<ExpiringRow>`
    with expiring as (
      select 'client_secret' as kind, id as warning_id, id as subject_id, name as subject_name,
        null::uuid as user_id, null as account, client_secret_expires_on as expires_on
      from oauth_apps
      where active and client_secret is not null and client_secret_expires_on < ${secretsBefore}
      union all
      (select 'token', t.id, c.id, c.name, t.user_id, t.account_email, (t.works_until at time zone 'UTC')::date
      from tokens t join credentials c on c.id = t.credential_id
      where t.state = 'ready' and t.works_until < ${tokensBefore} and c.active
      order by t.works_until limit ${limit})
    )
    select e.*, (
      select max(w.given_at) from expiry_warnings w
      where w.subject_kind = e.kind and w.subject_id = e.warning_id and w.expires_on = e.expires_on
    ) as warned_at
    from expiring e order by e.expires_on, e.subject_name limit ${limit}`.execute(db)
  return rows
}

export type Warning = {
  subject_kind: 'client_secret' | 'token'
  subject_id: string
  expires_on: string
  days_before: number
  told: string
}

/** False when this very warning was given before. */
export async function noteWarning(trx: Database, warning: Warning): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('expiry_warnings')
    .values(warning)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}
