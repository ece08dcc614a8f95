/** One process at a time reads a room. Longer than a call to Graph may take, so that a slow one does not lose the lane. */
export const leaseMs = 45_000

export function laneOf(roomId: string): string {
  return `watch ${roomId}`
}
