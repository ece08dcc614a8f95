/** One change of the engine's text: what stands there once, and what stands there instead. */
export type Edit = { file: string; find: string; replace: string }

/**
 * A mistake that a good engineer could make, put into the engine while it is loaded and nowhere else. The simulation has to see it; that
 * is what shows that the simulation sees anything.
 */
export type PlantedBug = {
  name: string
  says: string
  edits: readonly Edit[]
  /** The seed to begin with, so that tests do not take long to come to one that sees it. */
  from?: number
  /** Kinds of trouble that it needs to show. Seeds choose their own besides. */
  needs?: readonly string[]
}

/** Makes the edit, which must fit exactly once: an engine that has changed needs its bugs planted anew. */
export function planted({ name }: PlantedBug, { file, find, replace }: Edit, source: string): string {
  const parts = source.split(find)
  if (parts.length !== 2) {
    throw new Error(
      `The planted bug "${name}" fits ${parts.length - 1} times in src/${file}: look for what it was about.`,
    )
  }
  return parts.join(replace)
}
