import { openStoreKeeper } from './database/store.ts'
import { runSeed } from './run/run-seed.ts'

const kind = process.argv[2] === 'postgres' ? 'postgres' : 'memory'
const keeper = await openStoreKeeper(kind)
const from = Number(process.argv[3] ?? 1),
  count = Number(process.argv[4] ?? 20),
  keep = Number(process.argv[5] ?? 0),
  ops = Number(process.argv[6] ?? 40)
const t = process.cpuUsage().user
for (let seed = from; seed < from + count; seed++) {
  const t0 = performance.now()
  const o = await runSeed(keeper, { seed, mode: 'liveness', operations: ops, keep })
  console.log(
    seed,
    (performance.now() - t0).toFixed(0),
    'ms',
    o.steps,
    o.hash,
    o.violation ? `${o.violation.invariant} after ${o.violation.after}: ${o.violation.says.slice(0, 1500)}` : '',
  )
  if (keep) console.log(o.lines.join('\n'), o.coverage)
}
console.log('total', (process.cpuUsage().user - t) / 1000 / count)
await keeper.close()
