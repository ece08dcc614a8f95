import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

const columns = [{ key: 'name', title: 'Name', text: (row: { name: string }) => row.name }]

test.each([
  ['plain', 'plain'],
  ['a, b', '"a, b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)"],
])('the cell %j is written as %j', (name, written) => {
  expect(csvOf(columns, [{ name }])).toBe(`Name\r\n${written}`)
})
