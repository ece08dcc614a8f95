import { expect, test } from 'vitest'
import { addressProblem } from './entra.ts'

const authority = 'https://login.microsoftonline.com/ea17cdf9-4192-5dd3-af58-ea1aebdbe9f4/oauth2/v2.0'
const other = 'https://login.microsoftonline.com/0b6b4bd8-2f0d-4a3c-8a7a-0d1c4a3b2f10/oauth2/v2.0'
const app = (authorizationUrl: string) => ({ authorizationUrl, tokenUrl: `${authority}/token` })

test.each([
  { authorizationUrl: '', signsInSomebody: false, field: null },
  { authorizationUrl: '', signsInSomebody: true, field: 'authorizationUrl' },
  { authorizationUrl: `${authority}/authorize`, signsInSomebody: false, field: null },
  { authorizationUrl: `${authority}/authorize`, signsInSomebody: true, field: null },
  { authorizationUrl: `${other}/authorize`, signsInSomebody: false, field: 'tokenUrl' },
  { authorizationUrl: 'https://login.example/authorize', signsInSomebody: false, field: 'authorizationUrl' },
])(
  'an Authorization URL "$authorizationUrl", sends somebody there: $signsInSomebody',
  ({ authorizationUrl, signsInSomebody, field }) => {
    expect(addressProblem(app(authorizationUrl), { signsInSomebody })?.field ?? null).toBe(field)
  },
)

test('without a Token URL nothing works', () => {
  expect(addressProblem({ authorizationUrl: '', tokenUrl: '' }, { signsInSomebody: false })?.field).toBe('tokenUrl')
})
