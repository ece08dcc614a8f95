import { expect, test } from 'vitest'
import { visibleText } from './visible-text.ts'

test.each([
  ['rooms\u202Emoc.elpmaxe@', 'roomsmoc.elpmaxe@'],
  ['\u2067Alice\u2069', 'Alice'],
  ['Al\u200bice', 'Alice'],
  ['\ufeffAlice\u061c', 'Alice'],
  ['two\r\nlines\u0000', 'two lines '],
  ['שלום עולם', 'שלום עולם'],
  ['می‌خواهم', 'می‌خواهم'],
  ['👩‍💻 Zoë', '👩‍💻 Zoë'],
])('%j reads as %j', (text, visible) => {
  expect(visibleText(text)).toBe(visible)
})
