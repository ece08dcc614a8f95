/** Asks the person to prove that it is still them; true once they have. */
export type AskForProof = () => Promise<boolean>

let ask: AskForProof | null = null
let underWay: Promise<boolean> | null = null

/** Said by the dialog that can ask, while it is on the page. Returns how to take it back. */
export function answerProof(asking: AskForProof): () => void {
  ask = asking
  return () => {
    ask = null
  }
}

/** However many calls want it at once, the person is asked once. Where nobody can ask, it is not given. */
export function proveOneself(): Promise<boolean> {
  underWay ??= (ask === null ? Promise.resolve(false) : ask()).finally(() => {
    underWay = null
  })
  return underWay
}
