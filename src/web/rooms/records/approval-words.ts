import type { RoomRecord } from '#rooms/room-record.contract.ts'

/** Who has to agree to a reservation of this room besides the room itself. */
export function approvalWords({
  needsApproval,
  ownApproval,
}: Pick<RoomRecord, 'needsApproval' | 'ownApproval'>): string {
  if (needsApproval && ownApproval) return 'In Outlook and here'
  if (needsApproval) return 'In Outlook'
  return ownApproval ? 'Here' : 'None'
}
