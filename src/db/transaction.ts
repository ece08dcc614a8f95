import type { Database } from './database.ts'
import { isStalePlan } from './preparing-client.ts'

/** PostgreSQL, Appendix A: serialization_failure and deadlock_detected. Both mean: nothing happened, try again. */
const retryableCodes = new Set(['40001', '40P01'])
const attemptsMax = 5

/**
 * Runs `work` in one transaction (read committed), again when PostgreSQL asks for it. `work` must therefore have no effect
 * outside the database. Inside another transaction it joins that one, which then decides about commit and repetition.
 */
export async function transaction<T>(db: Database, work: (trx: Database) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db)
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (problem) {
      if (attempt === attemptsMax || !(isRetryable(problem) || isStalePlan(problem))) throw problem
    }
  }
}

/** The name of the constraint a failed statement ran into, or null when it failed for another reason. */
export function violatedConstraint(problem: unknown): string | null {
  const { code, constraint } = problem as { code?: unknown; constraint?: unknown }
  return typeof code === 'string' && code.startsWith('23') && typeof constraint === 'string' ? constraint : null
}

function isRetryable(problem: unknown): boolean {
  const { code } = problem as { code?: unknown }
  return typeof code === 'string' && retryableCodes.has(code)
}
