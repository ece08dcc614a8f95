/**
 * A statement for PostgreSQL in SQLite's words. The engine's statements are nearly all the same in both; what differs is here, and
 * what is not here fails loudly when SQLite reads it.
 */
export function inWordsOfSqlite(text: string): string {
  return rewrites.reduce((statement, [pattern, words]) => statement.replaceAll(pattern, words), text)
}

const rewrites: [RegExp, string][] = [
  // Transactions come one after another here, so nobody needs a row lock.
  [/\bfor (?:no key )?(?:update|share)(?: of "?\w+"?)?(?: skip locked| nowait)?/gi, ''],
  // A moment so many milliseconds ahead, by the database's clock.
  [/\bclock_timestamp\(\) \+ \(?(\$\d+)(?:::\w+)?\)? \* interval '1 millisecond'/gi, 'clock_in($1)'],
  // Half-open spans that touch do not overlap.
  [/\btstzrange\(([^(),]+), ([^(),]+)\) && tstzrange\(([^(),]+), ([^(),]+)\)/gi, '($1 < $4 and $3 < $2)'],
  // SQLite's `like` does not look at case, and knows no escape unless told.
  [/\bilike (\$\d+|'[^']*')/gi, "like $1 escape '\\'"],
  // Counts are 64-bit numbers, which arrive as text unless the statement makes integers of them.
  [/\bcount\(([^()]*)\)::int(?:eger)?\b/gi, 'count($1)'],
  [/\bcount\(([^()]*)\)(?= as ")/gi, 'cast(count($1) as text)'],
  [/::(?:text|uuid|timestamptz|integer|int|bigint|jsonb?|boolean)\b(?:\[\])?/gi, ''],
  // A function that answers with a row is a view here.
  [/\b(audit_chain_end)\(\)/gi, '$1'],
  // Parameters have numbers in both.
  [/\$(\d+)/g, '?$1'],
]
