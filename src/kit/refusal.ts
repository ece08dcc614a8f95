/** Errors of one feature: code `feature.condition`, stable for ever, and one line for people that says what to do next. */
export type ErrorList = Record<string, { status: number; say: string }>

export type RefusalFacts = {
  /** A sentence about this very case, shown instead of the general one. It must not hold a secret. */
  say?: string
  /** Facts for programs: field values, the current record, the two names. They travel in the problem document. */
  facts?: Record<string, unknown>
  /** Messages beside fields of a form. */
  fields?: Record<string, string>
  cause?: unknown
}

/** A request that is refused for a reason the caller can act on. Everything else that is thrown is our bug. */
export class Refusal extends Error {
  readonly code: string
  readonly status: number
  readonly facts: Record<string, unknown>
  readonly fields: Record<string, string>

  constructor(code: string, status: number, say: string, { facts = {}, fields = {}, cause }: RefusalFacts = {}) {
    super(say, { cause })
    this.name = 'Refusal'
    this.code = code
    this.status = status
    this.facts = facts
    this.fields = fields
  }
}

/** Makes the refusing function of one feature: `const refused = refusals(connectionErrors)`, then `throw refused('connections.alias_in_use')`. */
export function refusals<L extends ErrorList>(list: L) {
  return (code: keyof L & string, more: RefusalFacts = {}): Refusal => {
    const known = list[code] as { status: number; say: string }
    return new Refusal(code, known.status, more.say ?? known.say, more)
  }
}
