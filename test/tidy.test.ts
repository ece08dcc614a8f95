import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { blank } from './tidy/blank.ts'
import { readProject, sourceFile } from './tidy/source-file.ts'
import { tidy } from './tidy.ts'

test('the project keeps its own rules', () => {
  const broken = tidy(readProject(path.join(import.meta.dirname, '..'))).flatMap(({ rule, findings }) =>
    findings.map(({ file, line, says }) => `${rule}: ${file}:${line} ${says}`),
  )
  expect(broken).toEqual([])
})

describe('each rule finds what it forbids', () => {
  test.each([
    ['who may import whom', 'src/kit/a.ts', `import { b } from '#db/b.ts'`],
    ['who may import whom', 'src/graph/a.ts', `import { b } from '../connections/b.ts'`],
    ['who may import whom', 'src/web/rooms/a.tsx', `import { b } from '#rooms/room.ts'`],
    ['who may import whom', 'src/rooms/contract.ts', `import { b } from '#db/database.ts'`],
    ['who may import whom', 'src/sync/a.ts', `import { b } from '#rooms/queries.ts'`],
    ['who may import whom', 'src/people/a.ts', `import { b } from '../main.ts'`],
    ['who may import whom', 'emulator/a.ts', `import { b } from '#graph/events.ts'`],
    ['who may import whom', 'src/rooms/a.ts', `import { b } from '../../test/support/database.ts'`],
    ['every threat has its test, or a reason', 'docs/threats.md', '| T01 | a | b | tested | `src/gone.test.ts` |'],
    ['every threat has its test, or a reason', 'docs/threats.md', '| T01 | a | b | surely | why |'],
    ['a path is a guess that comes true', 'src/rooms/index.ts', ''],
    ['a path is a guess that comes true', 'src/rooms/utils/a.ts', ''],
    ['a path is a guess that comes true', 'src/rooms/BookRoom.ts', ''],
    ['no default exports', 'src/rooms/a.ts', 'export default 1'],
    ['files of at most 400 lines', 'src/rooms/a.ts', '\n'.repeat(401)],
    ['functions of at most 70 lines', 'src/rooms/a.ts', `function a() {${'\n'.repeat(70)}}`],
    ['functions of at most 70 lines', 'src/rooms/a.ts', `const a = async (b: { c: string }) => {${'\n'.repeat(70)}}`],
    ['one word per idea', 'src/rooms/a.ts', 'const booking = 1'],
    ['one word per idea', 'src/rooms/a.ts', 'const a = b as any'],
    ['tests that run', 'src/rooms/a.test.ts', `test.skip('later', () => {})`],
    ['dangerous names are counted', 'src/web/a.tsx', 'const a = <p dangerouslySetInnerHTML={b} />'],
    ['effects arrive as arguments', 'src/rooms/a.ts', 'const a = new Date()'],
    ['effects arrive as arguments', 'src/rooms/a.ts', 'const a = await fetch(url)'],
    ['effects arrive as arguments', 'src/rooms/a.ts', ['const a = `', '{Date.now()}`'].join('$')],
    ['a table belongs to one folder', 'src/people/queries.ts', `db.selectFrom('rooms')`],
    ['SQL lives in queries.ts', 'src/rooms/book.ts', `db.updateTable('rooms')`],
    ['SQL lives in queries.ts', 'src/rooms/book.ts', 'sql`select 1 from rooms`'],
    ['a vendor has one home', 'src/sync/a.ts', 'const microsoftQuirk = 1'],
    ['a vendor has one home', 'src/sync/a.ts', `if (code === 'AADSTS65001') stop()`],
    ['migrations have no gaps and a header', 'src/db/migrations/0002_a.sql', '-- 0002'],
    ['docs/errors.md lists exactly our errors', 'src/rooms/errors.ts', `  'rooms.closed': {`],
    ['docs/errors.md lists exactly our errors', 'docs/errors.md', '| `rooms.gone` |'],
    ['the lock file names no registry', 'package-lock.json', '{ "resolved": "https://registry" }'],
    ['no path of a workplace', 'README.md', `cd ${'/home'}/somebody/project`],
  ])('%s: %s %s', (rule, file, text) => {
    const schema = sourceFile('src/db/schema.ts', 'export type Schema = {\n  rooms: RoomsTable\n}')
    const owner = sourceFile('src/rooms/room-queries.ts', `db.selectFrom('rooms'); db.insertInto('rooms')`)
    const found = tidy([schema, owner, sourceFile(file, text)]).find((outcome) => outcome.rule === rule)
    expect(found?.findings.map((finding) => finding.file)).toContain(file)
  })
})

describe('and not what only looks like it', () => {
  test.each([
    ['effects arrive as arguments', 'src/rooms/a.ts', '// new Date() would be wrong here'],
    ['effects arrive as arguments', 'src/rooms/a.ts', `const a = 'Date.now'; deps.fetch(url); new Date(text)`],
    ['effects arrive as arguments', 'src/kit/seams.ts', 'new Date()'],
    ['who may import whom', 'src/sync/a.ts', `import { b } from '#graph/events.ts'; import { z } from 'zod'`],
    ['who may import whom', 'src/web/rooms/a.tsx', `import { b } from '#rooms/room.contract.ts'`],
    ['one word per idea', 'src/graph/places.ts', 'const bookingType = 1'],
    ['a vendor has one home', 'src/sync/a.ts', 'const central = entrance'],
    ['functions of at most 70 lines', 'src/rooms/a.ts', `class A {${'\n'.repeat(90)}}`],
  ])('%s: %s %s', (rule, file, text) => {
    const found = tidy([sourceFile(file, text)]).find((outcome) => outcome.rule === rule)
    expect(found?.findings.filter((finding) => finding.file === file)).toEqual([])
  })
})

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are texts about templates
test('comments and strings are told from code', () => {
  const text = 'a(`b ${c ? `d ${e}` : "f"} g`) // h\nconst i = /j\\/[/]k/.test(l) / m /* n\n */'
  const { code, said } = blank(text)
  expect(code.replaceAll(/\s/g, '')).toBe('a(`${c?`${e}`:""}`)consti=//.test(l)/m')
  expect(said).toContain('b ${c ? `d ${e}` : "f"} g')
  expect(said).not.toContain('h')
  expect(code).toHaveLength(text.length)
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these were texts about templates
