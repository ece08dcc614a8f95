import { expect, test } from 'vitest'
import { peopleErrors } from '#people/errors.ts'
import { signInProblem } from './sign-in-problem.ts'

test('every way in which a sign-in at Microsoft can fail has its sentence', () => {
  const codes = Object.keys(peopleErrors).filter((code) => /sign_in_|microsoft|user_inactive/.test(code))
  const notFromMicrosoft = ['people.sign_in_refused']
  for (const code of codes.filter((code) => !notFromMicrosoft.includes(code))) {
    expect(signInProblem(code), code).not.toContain(code)
  }
})

test('an unknown code is shown, none says nothing', () => {
  expect(signInProblem('people.something_new')).toContain('people.something_new')
  expect(signInProblem(undefined)).toBeNull()
})
