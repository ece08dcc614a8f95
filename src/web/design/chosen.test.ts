import { expect, test } from 'vitest'
import { choose, chooseAll, isAll, nothingChosen } from './chosen.ts'

const order = ['a', 'b', 'c', 'd']
const one = (id: string, on = true, asRange = false) => ({ id, on, asRange, order })

test('rows are chosen and left out one by one', () => {
  const both = choose(choose(nothingChosen, one('a')), one('c'))
  expect([...both.ids]).toEqual(['a', 'c'])
  expect([...choose(both, one('a', false)).ids]).toEqual(['c'])
})

test('a range goes from the last one to this one, in either direction', () => {
  expect([...choose(choose(nothingChosen, one('d')), one('b', true, true)).ids].sort()).toEqual(['b', 'c', 'd'])
  const all = chooseAll(nothingChosen, order)
  expect([...choose(choose(all, one('a', false)), one('c', false, true)).ids]).toEqual(['d'])
})

test('a range without a beginning is the row alone', () => {
  expect([...choose(nothingChosen, one('c', true, true)).ids]).toEqual(['c'])
  expect([...choose({ ids: new Set(['z']), last: 'z' }, one('c', true, true)).ids]).toEqual(['z', 'c'])
})

test('all of a page are chosen, and then none of it; those of other pages stay', () => {
  const elsewhere = { ids: new Set(['z', 'a']), last: 'a' }
  const all = chooseAll(elsewhere, order)
  expect(isAll(all, order)).toBe(true)
  expect([...chooseAll(all, order).ids]).toEqual(['z'])
  expect(isAll(nothingChosen, [])).toBe(false)
})
