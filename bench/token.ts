import { randomBytes, randomUUID } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Figure, figure, percentile } from './figure.ts'
import { cachePerPerson, cachePerPersonOneClient, type MsalPerson, msalPerson, sharedCache } from './token/msal-peer.ts'
import { type Ours, openOurs } from './token/ours.ts'

const sizes = [10, 100, 1_000, 10_000]
const largest = 10_000
/** Ways take turns, and the best turn of each counts: what else the machine does then disturbs none of them more. */
const turns = 7
const turnMs = 400
/** A token of Entra with a few scopes is about this long. */
const accessToken = () => randomBytes(1_125).toString('base64url')

type Way = { name: string; token: (index: number) => Promise<string> }

/**
 * Resolving an alias and opening a person's valid token among more and more people, beside Microsoft's client doing the same from its
 * caches: one run, one machine, one after the other, no network for anybody.
 */
export async function measure(): Promise<Figure[]> {
  const ours = await openOurs()
  const everybody = Array.from({ length: largest }, () => msalPerson(randomUUID(), accessToken()))
  try {
    const rates = new Map<number, Map<string, number>>()
    for (const size of sizes) {
      const people = await ours.plant(size, accessToken)
      rates.set(size, await ratesOf(waysAmong(ours, people, everybody.slice(0, size)), size))
    }
    const latencies = await latenciesOf(ours, await ours.plant(largest, accessToken))
    return [...rateFigures(rates), latencyFigure(latencies), await memoryFigure(ours, everybody)]
  } finally {
    await ours.close()
  }
}

function waysAmong(ours: Ours, people: readonly string[], theirs: readonly MsalPerson[]): Way[] {
  const shared = sharedCache(theirs)
  const perPerson = cachePerPerson(theirs)
  const oneClient = cachePerPersonOneClient(theirs)
  const of = <T>(list: readonly T[], index: number) => {
    const one = list[index]
    if (one === undefined) throw new Error(`There is no person ${index}.`)
    return one
  }
  return [
    { name: 'anteroom', token: (index) => ours.token(of(people, index)) },
    { name: 'shared', token: (index) => shared(of(theirs, index)) },
    { name: 'per person', token: (index) => perPerson(of(theirs, index)) },
    { name: 'per person, one client', token: (index) => oneClient(of(theirs, index)) },
  ]
}

/** Calls a second of each way, everybody in turn. */
async function ratesOf(ways: readonly Way[], size: number): Promise<Map<string, number>> {
  const best = new Map<string, number>()
  const [anteroom] = ways
  if (anteroom !== undefined) await everyone(size, anteroom.token)
  for (let turn = 0; turn < turns; turn++) {
    for (const { name, token } of ways) best.set(name, Math.max(best.get(name) ?? 0, await rateOf(token, size)))
  }
  return best
}

/** A way that takes longer than a turn is measured by one call. */
async function rateOf(token: Way['token'], size: number): Promise<number> {
  await breathe()
  await token(0)
  const startedAt = performance.now()
  let calls = 0
  let tookMs = 0
  for (; tookMs < turnMs; tookMs = performance.now() - startedAt) {
    await token((calls++ * 7_919) % size)
    if (calls % breathEvery === 0) await breathe()
  }
  return (calls / tookMs) * 1_000
}

/** As in a service, other work comes between: sockets are read, and the process hears what it is told. */
const breathEvery = 100
const breathe = () => new Promise((resolve) => setImmediate(resolve))

async function everyone(size: number, use: (index: number) => Promise<unknown>): Promise<void> {
  const atATime = 20
  for (let from = 0; from < size; from += atATime) {
    await Promise.all(Array.from({ length: Math.min(atATime, size - from) }, (_, n) => use(from + n)))
  }
}

async function latenciesOf(ours: Ours, people: readonly string[]): Promise<number[]> {
  const latencies: number[] = []
  for (let n = 0; n < 50_000; n++) {
    const userId = people[(n * 7_919) % people.length] ?? ''
    const startedAt = performance.now()
    await ours.token(userId)
    latencies.push(performance.now() - startedAt)
    if (n % breathEvery === 0) await breathe()
  }
  return latencies
}

function rateFigures(rates: Map<number, Map<string, number>>): Figure[] {
  const rate = (size: number, name: string) => rates.get(size)?.get(name) ?? Number.NaN
  const beside = sizes.flatMap((size) => [
    figure({
      what: `tokens among ${size} people, beside MSAL's own cache`,
      value: rate(size, 'anteroom'),
      unit: 'calls/s',
      peer: '@azure/msal-node, shared cache',
      peerValue: rate(size, 'shared'),
      goal: size === largest ? 'at least 1,000 times' : 'none at this size',
      holds: (value) => size !== largest || value >= 1_000 * rate(size, 'shared'),
    }),
    figure({
      what: `tokens among ${size} people, beside MSAL's best`,
      value: rate(size, 'anteroom'),
      unit: 'calls/s',
      peer: '@azure/msal-node, one blob per person in a Map, a client per call',
      peerValue: rate(size, 'per person'),
      goal: size === largest ? 'at least 5 times' : 'none at this size',
      holds: (value) => size !== largest || value >= 5 * rate(size, 'per person'),
    }),
    figure({
      what: `tokens among ${size} people, beside an unsafe use of MSAL`,
      value: rate(size, 'anteroom'),
      unit: 'calls/s',
      peer: '@azure/msal-node, one blob per person in a Map, one client for all: two calls at once would mix people up',
      peerValue: rate(size, 'per person, one client'),
      goal: 'none, for what it is worth',
      holds: () => true,
    }),
  ])
  const growth = figure({
    what: 'one call among 10,000 people, beside one among 10',
    value: 1e6 / rate(largest, 'anteroom'),
    unit: 'µs',
    peer: 'the same among 10',
    peerValue: 1e6 / rate(10, 'anteroom'),
    goal: 'at most twice: a thousand times the people are a thousand times the memory touched, and no more work',
    holds: (value) => value <= 2 * (1e6 / rate(10, 'anteroom')),
  })
  return [...beside, growth]
}

function latencyFigure(latencies: number[]): Figure {
  return figure({
    what: 'one call among 10,000 people, 99 %',
    value: percentile(latencies, 99),
    unit: 'ms',
    peer: 'the median of the same calls',
    peerValue: percentile(latencies, 50),
    goal: 'under 1 ms',
    holds: (ms) => ms < 1,
  })
}

/** What 10,000 people cost in this process: ours is what it remembers, theirs the texts in the Map. */
async function memoryFigure(ours: Ours, everybody: readonly MsalPerson[]): Promise<Figure> {
  const people = await ours.plant(largest, accessToken)
  await ours.forget()
  const empty = usedMegabytes()
  await everyone(people.length, (index) => ours.token(people[index] ?? ''))
  const value = usedMegabytes() - empty
  const before = usedMegabytes()
  const texts = everybody.map(({ blob }) => Buffer.from(blob).toString('latin1'))
  const peerValue = usedMegabytes() - before
  if (texts.length !== people.length) throw new Error('Unequal numbers of people were compared.')
  return figure({
    what: 'memory for 10,000 people',
    value,
    unit: 'MB',
    peer: '@azure/msal-node: 10,000 blobs in a Map, in the clear',
    peerValue,
    goal: 'at most 150 MB',
    holds: (megabytes) => megabytes <= 150,
  })
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function usedMegabytes(): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}
