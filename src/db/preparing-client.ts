import pg from 'pg'

/** A statement that is asked once is cheaper without; from the second time on it is kept. */
const keptFrom = 2

/** What one connection keeps at most. Statements with lists of every length would otherwise fill the server's memory. */
const keptMax = 200

type Known = { uses: number; name: string | null }

/**
 * A connection that lets PostgreSQL keep the statements it has seen before (prepared statements, PostgreSQL manual chapter "PREPARE"):
 * parsing and planning one takes the server longer than answering it.
 */
export class PreparingClient extends pg.Client {
  #known = new Map<string, Known>()
  #kept = 0
  /** Names are never given twice: the server still has the old statements. */
  #lastName = 0

  /** All overloads of the library go through here; `never` fits the answers of all of them. */
  override query(...[statement, values, callback]: unknown[]): never {
    return this.#ask(statement, values, callback) as never
  }

  #ask(statement: unknown, values: unknown, callback: unknown): unknown {
    const ask = super.query.bind(this) as (...all: unknown[]) => Promise<unknown>
    const name = isWorthKeeping(statement, values) ? this.#nameOf(statement) : null
    if (name === null || callback !== undefined) return ask(statement, values, callback)
    return ask({ text: statement, values, name }).catch((problem: unknown) => {
      if (!this.#mayAskAnew(problem)) throw problem
      return ask(statement, values)
    })
  }

  #nameOf(text: string): string | null {
    const known = this.#known.get(text) ?? { uses: 0, name: null }
    known.uses += 1
    if (known.name === null && known.uses >= keptFrom && this.#kept < keptMax) {
      this.#kept += 1
      known.name = `kept_${++this.#lastName}`
    }
    if (this.#known.size < 10 * keptMax) this.#known.set(text, known)
    return known.name
  }

  /** A migration by another process changed a table under what is kept. A transaction is broken by it, and begins anew as a whole. */
  #mayAskAnew(problem: unknown): boolean {
    if (!isStalePlan(problem)) return false
    this.#known = new Map()
    this.#kept = 0
    return this.getTransactionStatus() === 'I'
  }
}

/** "cached plan must not change result type". In a transaction it means: nothing happened, try again. */
export function isStalePlan(problem: unknown): boolean {
  const { code, routine } = problem as { code?: unknown; routine?: unknown }
  return code === '0A000' && routine === 'RevalidateCachedQuery'
}

/** One statement that takes planning: not `begin`, and not several at once, which cannot be kept. */
function isWorthKeeping(statement: unknown, values: unknown): statement is string {
  return typeof statement === 'string' && Array.isArray(values) && statement.length > 40 && !statement.includes(';')
}
