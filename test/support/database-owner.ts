import pg from 'pg'
import { managedConnection, startManagedPostgres } from '#db/managed-postgres.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'

/*
 * A process to be killed: owns the managed PostgreSQL of the folder in its argument, and writes numbers, telling each one
 * on standard output when PostgreSQL has acknowledged it.
 */
const dataDir = process.argv[2] ?? ''
const server = await startManagedPostgres({ dataDir, log: silentLog, wait: realSeams.wait })
process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)))
process.stdout.write(`ready ${server.adopted ? 'adopted' : 'started'}\n`)
const client = new pg.Client(await managedConnection(dataDir))
client.on('error', () => undefined)
await client.connect()
await client.query('create table if not exists written (number bigint primary key)')
const { rows } = await client.query<{ max: string | null }>('select max(number) from written')
for (let number = Number(rows[0]?.max ?? 0) + 1; ; number++) {
  await client.query('insert into written values ($1)', [number])
  process.stdout.write(`wrote ${number}\n`)
}
