/**
 * Do two ways take different times? Welch's t over interleaved samples, in random order, without the slowest tenth, which is what else the
 * machine does. Below 4.5 either way is the usual bound for "no difference was seen" (dudect: Reparaz, Balasch and Verbauwhede, 2017).
 */
export async function welchT(
  one: () => unknown,
  other: () => unknown,
  { samples, callsEach }: { samples: number; callsEach: number },
): Promise<number> {
  const times: [number[], number[]] = [[], []]
  for (let sample = 0; sample < samples * 2; sample++) {
    const which = Math.random() < 0.5 ? 0 : 1
    const work = which === 0 ? one : other
    const startedAt = process.hrtime.bigint()
    for (let call = 0; call < callsEach; call++) await work()
    times[which].push(Number(process.hrtime.bigint() - startedAt))
  }
  const slowest = times.flat().toSorted((a, b) => a - b)[Math.floor(samples * 2 * 0.9)] ?? 0
  const [a, b] = times.map((list) => moments(list.filter((time) => time <= slowest)))
  if (a === undefined || b === undefined) throw new Error('two ways are compared')
  return (a.mean - b.mean) / Math.sqrt(a.variance / a.count + b.variance / b.count)
}

function moments(list: readonly number[]): { mean: number; variance: number; count: number } {
  const mean = list.reduce((sum, time) => sum + time, 0) / list.length
  const variance = list.reduce((sum, time) => sum + (time - mean) ** 2, 0) / (list.length - 1)
  return { mean, variance, count: list.length }
}
