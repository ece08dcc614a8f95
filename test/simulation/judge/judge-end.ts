import type { World } from '../world/world.ts'

/** Judges a run that has settled. */
export async function judgeEnd(_world: World): Promise<void> {}
