import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test('a list becomes lines under its titles, and no cell becomes a formula', () => {
  const columns = [
    { key: 'name', title: 'Name', text: (row: { name: string }) => row.name },
    { key: 'length', title: 'Length', text: (row: { name: string }) => String(row.name.length) },
  ]
  expect(csvOf(columns, [{ name: '=1+1' }, { name: 'a, b' }])).toBe('Name,Length\r\n\'=1+1,4\r\n"a, b",4')
})
