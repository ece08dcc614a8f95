import type { World } from '../world/world.ts'

/** Watches what must hold at every moment. */
export function watchSafety(_world: World): void {}
