import { expect, test } from 'vitest'
import { recordText, tableText } from './print-table.ts'

test('columns are as wide as their widest cell', () => {
  expect(
    tableText(
      ['Room', 'State'],
      [
        ['Mercury', 'confirmed'],
        ['Zoë', 'x'],
      ],
    ),
  ).toBe(['ROOM     STATE', 'Mercury  confirmed', 'Zoë      x'].join('\n'))
})

test('what other people wrote cannot steer the terminal', () => {
  expect(tableText(['Subject'], [['\u001b[2Jgone\r\nnext']])).toBe('SUBJECT\n[2Jgone next')
  expect(recordText({ Name: 'a\u0007b' })).toBe('Name  a b')
})
