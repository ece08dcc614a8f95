import { bugsOfReading } from './bugs-of-reading.ts'
import { bugsOfWriting } from './bugs-of-writing.ts'
import type { PlantedBug } from './planted-bug.ts'

export const plantedBugs: readonly PlantedBug[] = [...bugsOfWriting, ...bugsOfReading]

export function plantedBugNamed(name: string): PlantedBug {
  const bug = plantedBugs.find((one) => one.name === name)
  if (!bug)
    throw new Error(`There is no planted bug "${name}". There are: ${plantedBugs.map((one) => one.name).join(', ')}.`)
  return bug
}
