import { join } from 'node:path'
import { type Database, openDatabase } from '#db/database.ts'
import { managedConnection } from '#db/managed-postgres.ts'
import { readConfig } from '#kit/config.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

/**
 * Runs `work` on the database of the server on this machine: ANTEROOM_DATABASE_URL, or the PostgreSQL it manages in its
 * data folder. Whoever can read that folder owns the installation, so no sign-in is asked.
 */
export async function onLocalDatabase<T>(surroundings: Surroundings, work: (db: Database) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = readConfig(surroundings.environment, surroundings.folder)
  const connection =
    databaseUrl === null
      ? await managedConnection(join(dataDir, 'postgres')).catch((cause: unknown) => {
          throw new CommandProblem(
            `There is no database in ${dataDir}. Run this in the folder of the server, or set ANTEROOM_DATA_DIR or ANTEROOM_DATABASE_URL.`,
            cause,
          )
        })
      : { connectionString: databaseUrl.open('call') }
  const db = openDatabase({ ...connection, max: 2, connectionTimeoutMillis: 10_000 })
  try {
    return await work(db)
  } catch (problem) {
    throw isUnreachable(problem)
      ? new CommandProblem('The database does not answer. Start Anteroom first.', problem)
      : problem
  } finally {
    await db.destroy()
  }
}

function isUnreachable(problem: unknown): boolean {
  const code = typeof problem === 'object' && problem !== null && 'code' in problem ? String(problem.code) : ''
  return /^(ECONNREFUSED|ECONNRESET|ENOENT|EACCES|ENOTFOUND|ETIMEDOUT|08...|57P0.|28...)$/.test(code)
}
