import { sql } from 'kysely'
import type { Database } from '#db/database.ts'

export type ExpiringRow = {
  /** `consent`: what was consented to was taken back, on that day. */
  kind: 'client_secret' | 'certificate' | 'token' | 'consent'
  /** What the warning is about: the secret, the certificate or the token. */
  warning_id: string
  /** The record on whose form it is mended. */
  subject_kind: 'oauth_app' | 'credential'
  subject_id: string
  subject_name: string
  /** What tells it from others of the same record. */
  label: string | null
  /** Another one that is known to work lasts longer, so nothing ends with this one. */
  covered: boolean
  user_id: string | null
  account: string | null
  expires_on: string
  warned_at: Date | null
}

const consentMissing = 'connections.consent_missing'

/**
 * Client secrets whose day is known, certificates, tokens that lapse before then, and tokens that ended because a consent was taken back. A
 * token that is renewed weekly never comes near.
 * Client secrets of an app that proves itself by certificate are not used, and nobody needs to know that they end.
 */
export async function readExpiring(
  db: Database,
  { secretsBefore, tokensBefore, limit }: { secretsBefore: Date; tokensBefore: Date; limit: number },
): Promise<ExpiringRow[]> {
  const { rows } = await sql<ExpiringRow>`
    with expiring as (
      select 'client_secret' as kind, s.id as warning_id, 'oauth_app' as subject_kind, a.id as subject_id, a.name as subject_name,
        s.label, exists (
          select from client_secrets o where o.oauth_app_id = a.id and o.id <> s.id and o.worked_at is not null
            and o.refused_at is null and (o.expires_on is null or o.expires_on > s.expires_on)
        ) as covered, null::uuid as user_id, null as account, s.expires_on
      from client_secrets s join oauth_apps a on a.id = s.oauth_app_id
      where a.active and a.client_authentication <> 'private_key_jwt' and s.expires_on < ${secretsBefore}
      union all
      select 'certificate', k.id, 'oauth_app', a.id, a.name, k.label, exists (
          select from client_certificates o where o.oauth_app_id = a.id and o.id <> k.id and o.active
            and o.worked_at is not null and o.refused_at is null and o.expires_at > k.expires_at
        ), null, null, (k.expires_at at time zone 'UTC')::date
      from client_certificates k join oauth_apps a on a.id = k.oauth_app_id
      where a.active and k.active and k.expires_at < ${secretsBefore}
      union all
      select 'certificate', c.id, 'credential', c.id, c.name, null, false, null, null,
        (c.certificate_expires_at at time zone 'UTC')::date
      from credentials c
      where c.active and c.type = 'client_certificate' and c.certificate_expires_at < ${secretsBefore}
      union all
      (select 'token', t.id, 'credential', c.id, c.name, null, false, t.user_id, t.account_email,
        (t.works_until at time zone 'UTC')::date
      from tokens t join credentials c on c.id = t.credential_id
      where t.state = 'ready' and t.works_until < ${tokensBefore} and c.active
      order by t.works_until limit ${limit})
      union all
      (select 'consent', t.id, 'credential', c.id, c.name, null, false, t.user_id, t.account_email,
        (t.last_error_at at time zone 'UTC')::date
      from tokens t join credentials c on c.id = t.credential_id
      where t.state = 'reauth_required' and t.last_error_code = ${consentMissing} and t.last_error_at is not null and c.active
      order by t.last_error_at desc limit ${limit})
    )
    select e.*, (
      select max(w.given_at) from expiry_warnings w
      where w.subject_kind = case e.kind when 'consent' then 'token' else e.kind end and w.subject_id = e.warning_id and w.expires_on = e.expires_on
    ) as warned_at
    from expiring e order by e.expires_on, e.subject_name, e.label limit ${limit}`.execute(db)
  return rows
}

/** Both are about a token. */
export function warnedKind({ kind }: Pick<ExpiringRow, 'kind'>): Warning['subject_kind'] {
  return kind === 'consent' ? 'token' : kind
}

export type Warning = {
  subject_kind: 'client_secret' | 'certificate' | 'token'
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
