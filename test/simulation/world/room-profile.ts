import type { RoomPolicy } from '../../../emulator/model.ts'
import type { Random } from '../scheduler/random.ts'
import { people } from './cast.ts'

/** How a room's mailbox behaves, and whether Anteroom wants an approval of its own. */
export type RoomProfile = {
  name: string
  weight: number
  policy: Partial<RoomPolicy>
  ownApproval: boolean
}

const keepsEverything = { deleteSubject: false, addOrganizerToSubject: false, removePrivateProperty: false }
const asksDelegates = {
  allBookInPolicy: false,
  allRequestInPolicy: true,
  resourceDelegates: [people[2]?.email ?? ''],
}

export const roomProfiles: readonly RoomProfile[] = [
  { name: 'accepts', weight: 5, policy: {}, ownApproval: false },
  { name: 'accepts and keeps every word', weight: 3, policy: keepsEverything, ownApproval: false },
  { name: 'asks its delegates', weight: 2, policy: asksDelegates, ownApproval: false },
  {
    name: 'asks its delegates, shown as free',
    weight: 1,
    policy: { ...asksDelegates, tentativePendingApproval: false },
    ownApproval: false,
  },
  { name: 'needs our approval', weight: 2, policy: keepsEverything, ownApproval: true },
  { name: 'needs both approvals', weight: 1, policy: asksDelegates, ownApproval: true },
  { name: 'never answers by itself', weight: 1, policy: { automateProcessing: 'AutoUpdate' }, ownApproval: false },
  { name: 'takes short meetings only', weight: 1, policy: { maximumDurationInMinutes: 60 }, ownApproval: false },
  { name: 'removes cancelled meetings', weight: 1, policy: { removeCanceledMeetings: true }, ownApproval: false },
  { name: 'answers slowly', weight: 1, policy: { answersAfterMs: 45_000 }, ownApproval: false },
]

export function pickProfile(random: Random): RoomProfile {
  return random.weighted(roomProfiles.map((profile) => ({ weight: profile.weight, value: profile })))
}
