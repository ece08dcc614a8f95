import { glob } from 'node:fs/promises'
import path from 'node:path'
import type { Figure, Measure } from './figure.ts'

/*
 * `bin/bench` lists the measurements; `bin/bench NAME` runs one and prints a table, with `--json` one JSON document.
 * The exit code says whether every goal holds.
 */
const notMeasurements = ['main', 'figure']
const found = await Array.fromAsync(glob('*.ts', { cwd: import.meta.dirname }))
const names = found
  .map((file) => path.basename(file, '.ts'))
  .filter((name) => !notMeasurements.includes(name))
  .sort()
const [name] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

if (name === undefined) console.log(names.join('\n'))
else if (names.includes(name)) await runOne(name)
else {
  console.error(`There is no measurement "${name}". There are: ${names.join(', ')}.`)
  process.exit(2)
}

async function runOne(chosen: string): Promise<void> {
  const { measure }: { measure: Measure } = await import(`./${chosen}.ts`)
  const figures = await measure()
  if (process.argv.includes('--json')) console.log(JSON.stringify({ name: chosen, figures }, null, 2))
  else console.table(Object.fromEntries(figures.map((one) => [one.what, row(one)])))
  process.exit(figures.every(({ holds }) => holds) ? 0 : 1)
}

function row({ value, unit, peer, peerValue, ratio, goal, holds }: Figure) {
  return {
    value: `${value} ${unit}`,
    peer,
    'peer value': `${peerValue} ${unit}`,
    ratio,
    goal,
    holds: holds ? 'yes' : 'NO',
  }
}
