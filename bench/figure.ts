/** One measurement beside a named peer or limit. */
export type Figure = {
  what: string
  value: number
  unit: string
  /** What it is held against: another program, another way, or a limit. */
  peer: string
  peerValue: number
  /** value / peerValue. */
  ratio: number
  /** In words, with the number that `holds` was judged by. */
  goal: string
  holds: boolean
}

/** What a file in this folder exports as `measure`. */
export type Measure = () => Promise<Figure[]>

export function figure(told: Omit<Figure, 'ratio' | 'holds'> & { holds: (value: number) => boolean }): Figure {
  const value = rounded(told.value)
  const peerValue = rounded(told.peerValue)
  return { ...told, value, peerValue, ratio: rounded(value / peerValue), holds: told.holds(value) }
}

/** The value below which so many percent of the values lie. */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
}

function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
