import { expect, test } from 'vitest'
import { plainValue } from './plain-value.ts'

test.each([
  [null, 'Nothing'],
  ['', 'Nothing'],
  ['Planning', 'Planning'],
  [{ dateTime: '2026-11-25T10:00:00.0000000', timeZone: 'Europe/Berlin' }, '2026-11-25 10:00 Europe/Berlin'],
  [
    { contentType: 'html', content: '<html><body><div>Bring &lt;b&gt; &amp; c</div><p>x</p></body></html>' },
    'Bring <b> & c\nx',
  ],
  [
    [
      { emailAddress: { address: 'mercury@contoso.example', name: 'Mercury' }, type: 'resource' },
      { emailAddress: { address: 'bob@contoso.example' }, type: 'required' },
    ],
    'mercury@contoso.example (resource)\nbob@contoso.example (required)',
  ],
  [{ displayName: 'Mercury', locationType: 'conferenceRoom' }, 'Mercury'],
  [{ strange: 1 }, '{\n  "strange": 1\n}'],
])('%j is read as %j', (value, shown) => {
  expect(plainValue(value)).toBe(shown)
})
