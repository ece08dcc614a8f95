import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faultNames } from './fault-answers.ts'
import { switchShape } from './switches.ts'
import { openTenant } from './tenant.ts'
import { tenantRoutes } from './tenant-app.ts'

const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')

test('every switch is described', () => {
  for (const name of Object.keys(switchShape.shape)) expect(readme).toContain(`\`${name}\``)
})

test('every answer by name is described', () => {
  for (const name of faultNames) expect(readme).toContain(`\`${name}\``)
})

test('every control is described, and none that is not there', () => {
  const tenant = openTenant({ file: null })
  const routes = tenantRoutes(tenant).routes.filter(({ path }) => path.startsWith('/_tenant'))
  const there = routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${bare(path)}`)
  expect(new Set(describedControls())).toEqual(new Set(there))
  tenant.close()
})

/** `GET`, `PUT /_tenant/switches` in the tables describes two. */
function describedControls(): string[] {
  const rows = readme.split('\n').filter((line) => line.startsWith('| `') && line.includes('/_tenant'))
  return rows.flatMap((row) => {
    const cell = row.split(' | ')[0] ?? ''
    const calls = [...cell.matchAll(/`([A-Z]+)(?: (\/_tenant[^`?]*)[^`]*)?`/g)]
    return calls.map(([, method, path], at) => {
      const meant = path ?? calls.slice(at).find((later) => later[2])?.[2] ?? ''
      return `${method} ${bare(meant)}`
    })
  })
}

function bare(path: string): string {
  return path.replace(/\{\w+\}|:\w+/g, '*').replace(/\/$/, '')
}
