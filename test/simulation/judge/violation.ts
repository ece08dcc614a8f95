/** What must never be: which rule, and what was seen. It ends a run. */
export class Violation extends Error {
  /** I1 to I16 of the invariants (docs/simulation.md). */
  readonly invariant: string

  constructor(invariant: string, says: string) {
    super(`${invariant}: ${says}`)
    this.name = 'Violation'
    this.invariant = invariant
  }
}
