import { browser } from '../browser.ts'

const name = 'anteroom-proof'

/** How a sign-in that proves somebody's presence ended in the pop-up: with nothing, or with the code of its problem. */
export type ProofEnd = { problem: string | null }

export function announceProof(end: ProofEnd): void {
  const channel = browser.channel(name)
  channel.postMessage(end)
  channel.close()
}

/** Returns how to stop listening. */
export function hearProofs(heard: (end: ProofEnd) => void): () => void {
  const channel = browser.channel(name)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'object' || data === null || !('problem' in data)) return
    heard({ problem: typeof data.problem === 'string' ? data.problem : null })
  }
  return () => channel.close()
}
