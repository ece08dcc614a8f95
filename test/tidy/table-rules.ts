import { type Finding, isTest, lineAt, type Rule, type SourceFile } from './source-file.ts'

/** Tables of a feature are touched only by that feature, and there only by its queries. */
export const tableRules: Rule[] = [
  { name: 'a table belongs to one folder', check: checkOwners },
  { name: 'SQL lives in queries.ts', check: checkPlaces },
]

type Use = { table: string; room: string; file: string; line: number }

/** Mechanisms with one small table and one file about it. */
const queriesElsewhere = /^src\/(db|jobs)\//

function checkOwners(files: SourceFile[]): Finding[] {
  const uses = usesIn(files)
  return Object.entries(Object.groupBy(uses, (use) => use.table)).flatMap(([table, found = []]) => {
    const rooms = Object.entries(Object.groupBy(found, (use) => use.room)).sort(
      ([, a = []], [, b = []]) => b.length - a.length,
    )
    const owner = rooms[0]?.[0] ?? ''
    return found
      .filter((use) => use.room !== owner)
      .map(({ file, line }) => ({
        file,
        line,
        says: `the table ${table} belongs to ${owner}: call a verb of ${owner}`,
      }))
  })
}

function checkPlaces(files: SourceFile[]): Finding[] {
  return usesIn(files)
    .filter(({ file }) => !/(\/|-)queries\.ts$/.test(file) && !queriesElsewhere.test(file))
    .map(({ file, line, table }) => ({
      file,
      line,
      says: `SQL on ${table}: move it to the feature's queries.ts and give it a name`,
    }))
}

function usesIn(files: SourceFile[]): Use[] {
  const tables = tablesOf(files)
  return files
    .filter((file) => /^src\/(?!db\/)[^/]+\/.*\.ts$/.test(file.path) && !isTest(file))
    .flatMap((file) =>
      [...file.said.matchAll(builder), ...rawSql(file.said)]
        .map((match) => ({
          table: match[1] ?? '',
          room: file.path.split('/')[1] ?? '',
          file: file.path,
          line: lineAt(file.said, match.index),
        }))
        .filter(({ table }) => tables.has(table)),
    )
}

const builder =
  /\b(?:selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto|(?:inner|left|right|full|cross)Join|using|from)\(\s*\[?\s*['"`](\w+)/g

function rawSql(said: string): RegExpExecArray[] {
  return [...said.matchAll(/\bsql(?:<[^`]*?>)?`([^`]*)`/g)].flatMap((template) =>
    [...(template[1] ?? '').matchAll(/\b(?:from|into|update|join|table)\s+"?(\w+)/gi)].map((match) => {
      match.index += template.index
      return match
    }),
  )
}

function tablesOf(files: SourceFile[]): Set<string> {
  const schema = files.find((file) => file.path === 'src/db/schema.ts')?.code ?? ''
  const listed = /export type Schema = \{([^}]*)\}/.exec(schema)?.[1] ?? ''
  return new Set([...listed.matchAll(/^\s*(\w+):/gm)].map((match) => match[1] ?? ''))
}
