/** Which rows of a list are chosen, and from which one a range would begin. */
export type Chosen = { ids: ReadonlySet<string>; last: string | null }

export const nothingChosen: Chosen = { ids: new Set(), last: null }

type Choose = {
  id: string
  on: boolean
  /** Everything between the row that was chosen last and this one too. */
  asRange: boolean
  /** The rows that are on screen, from top to bottom. */
  order: readonly string[]
}

/** One row chosen or left out; as a range, all from the last one to it. */
export function choose(chosen: Chosen, { id, on, asRange, order }: Choose): Chosen {
  const ids = new Set(chosen.ids)
  for (const one of asRange ? between(chosen.last, id, order) : [id]) {
    if (on) ids.add(one)
    else ids.delete(one)
  }
  return { ids, last: id }
}

/** All rows on screen; none of them, if all are chosen. What is chosen elsewhere stays. */
export function chooseAll(chosen: Chosen, order: readonly string[]): Chosen {
  const ids = new Set(chosen.ids)
  const all = isAll(chosen, order)
  for (const id of order) {
    if (all) ids.delete(id)
    else ids.add(id)
  }
  return { ids, last: null }
}

export function isAll({ ids }: Chosen, order: readonly string[]): boolean {
  return order.length > 0 && order.every((id) => ids.has(id))
}

function between(one: string | null, other: string, order: readonly string[]): readonly string[] {
  const [from, to] = [one === null ? -1 : order.indexOf(one), order.indexOf(other)]
  if (from < 0 || to < 0) return [other]
  return order.slice(Math.min(from, to), Math.max(from, to) + 1)
}
