import type { Finding } from './contract.ts'
import type { ScanFacts } from './scan-facts.ts'

/** One thing that can be wrong with the set-up. Pure: it judges what was read. */
export type Check = {
  key: string
  /** What is as it should be when nothing is found. */
  title: string
  find: (facts: ScanFacts) => Finding[]
}
