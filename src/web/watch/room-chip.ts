import type { Filter } from '../design/filter-chip.tsx'
import type { ListState } from '../design/record-list.tsx'

type Row = { room: { id: string; name: string } | null }

/** A chip for the one room that another page has narrowed a list to: it is only there to be taken off again. */
export function roomChip({ roomId }: ListState['filters'], rows: readonly Row[]): Filter[] {
  if (!roomId) return []
  return [{ key: 'roomId', label: 'Room', options: [{ value: roomId, label: rows[0]?.room?.name ?? 'One room' }] }]
}
