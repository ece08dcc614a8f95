import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type ClientSecretRecord = Selectable<Schema['client_secrets']>
export type ClientCertificateRecord = Selectable<Schema['client_certificates']>

/** Everything that an OAuth app may prove itself with, sealed, in the order in which it was set. */
export type ClientProofs = { secrets: ClientSecretRecord[]; certificates: ClientCertificateRecord[] }

export async function readClientProofs(db: Database, appId: string): Promise<ClientProofs> {
  const [secrets, certificates] = await Promise.all([
    db.selectFrom('client_secrets').selectAll().where('oauth_app_id', '=', appId).orderBy('set_at').execute(),
    db.selectFrom('client_certificates').selectAll().where('oauth_app_id', '=', appId).orderBy('set_at').execute(),
  ])
  return { secrets, certificates }
}

export async function insertClientSecret(trx: Database, row: Insertable<Schema['client_secrets']>): Promise<void> {
  await trx.insertInto('client_secrets').values(row).execute()
}

export async function updateClientSecret(
  trx: Database,
  { appId, id }: { appId: string; id: string },
  change: Updateable<Schema['client_secrets']>,
): Promise<void> {
  await trx.updateTable('client_secrets').set(change).where('oauth_app_id', '=', appId).where('id', '=', id).execute()
}

export async function deleteClientSecret(trx: Database, appId: string, id: string): Promise<void> {
  await trx.deleteFrom('client_secrets').where('oauth_app_id', '=', appId).where('id', '=', id).execute()
}

export async function deleteClientSecrets(trx: Database, appId: string): Promise<void> {
  await trx.deleteFrom('client_secrets').where('oauth_app_id', '=', appId).execute()
}

export async function insertClientCertificate(
  trx: Database,
  row: Insertable<Schema['client_certificates']>,
): Promise<void> {
  await trx.insertInto('client_certificates').values(row).execute()
}

export async function updateClientCertificate(
  trx: Database,
  { appId, id }: { appId: string; id: string },
  change: Updateable<Schema['client_certificates']>,
): Promise<void> {
  await trx
    .updateTable('client_certificates')
    .set(change)
    .where('oauth_app_id', '=', appId)
    .where('id', '=', id)
    .execute()
}

export async function deleteClientCertificate(trx: Database, appId: string, id: string): Promise<void> {
  await trx.deleteFrom('client_certificates').where('oauth_app_id', '=', appId).where('id', '=', id).execute()
}

export type ProofTable = 'client_secrets' | 'client_certificates'

/** It was accepted. What was refused before is forgotten with it. */
export async function noteWorked(db: Database, table: ProofTable, { id, at }: { id: string; at: Date }): Promise<void> {
  if (table === 'client_secrets')
    await db.updateTable('client_secrets').set({ worked_at: at, refused_at: null }).where('id', '=', id).execute()
  else
    await db.updateTable('client_certificates').set({ worked_at: at, refused_at: null }).where('id', '=', id).execute()
}

/** It was refused. At most one write in so long, however often it is tried: each one makes all processes read anew. */
export async function noteRefused(
  db: Database,
  table: ProofTable,
  { id, at, everyMs }: { id: string; at: Date; everyMs: number },
): Promise<void> {
  const stale = sql<boolean>`refused_at is null or refused_at < ${new Date(at.getTime() - everyMs)}`
  if (table === 'client_secrets')
    await db.updateTable('client_secrets').set({ refused_at: at }).where('id', '=', id).where(stale).execute()
  else await db.updateTable('client_certificates').set({ refused_at: at }).where('id', '=', id).where(stale).execute()
}
