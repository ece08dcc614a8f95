import { MemoryStore } from './database/memory-store.ts'

const run = MemoryStore.prototype.run
const by = new Map<string, [number, number]>()
MemoryStore.prototype.run = function (text, p) {
  const t = performance.now()
  try {
    return run.call(this, text, p)
  } finally {
    const e = by.get(text) ?? [0, 0]
    e[0]++
    e[1] += performance.now() - t
    by.set(text, e)
  }
}
await import('./tmp.ts')
let n = 0,
  s = 0
for (const [, [c, t]] of by) {
  n += c
  s += t
}
console.log('statements', n, 'ms', s)
for (const [text, [c, t]] of [...by].sort((a, b) => b[1][1] - a[1][1]).slice(0, 14))
  console.log(c, ((t / c) * 1000).toFixed(0) + 'us', t.toFixed(0), text.replace(/\s+/g, ' ').slice(0, 150))
