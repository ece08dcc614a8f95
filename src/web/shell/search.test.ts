import { expect, test } from 'vitest'
import { parsePlainSearch, stringifyPlainSearch } from './search.ts'

test('values stay text, so that a search for 007 finds 007', () => {
  expect(parsePlainSearch('?q=007&active=true')).toEqual({ q: '007', active: 'true' })
})

test('empty values take no place in the address', () => {
  expect(stringifyPlainSearch({ q: '', sort: '-name', page: undefined })).toBe('?sort=-name')
  expect(stringifyPlainSearch({})).toBe('')
})

test.each(['/console?q=a&b', 'Ms Graph 1 & 2', 'ä/%'])('%s survives the way through the address', (text) => {
  expect(parsePlainSearch(stringifyPlainSearch({ returnTo: text }))).toEqual({ returnTo: text })
})
