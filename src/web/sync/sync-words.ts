import type { RoomHealth } from '#sync/health.contract.ts'
import type { SubState, SyncAction, SyncEvent, SyncEventRecord, SyncEventState } from '#sync/sync-event.contract.ts'
import type { Meaning } from '../design/meaning.tsx'

export const stateWords: Record<SyncEventState, string> = {
  new: 'New',
  processing: 'Processing',
  processed: 'Processed',
  error: 'Error',
}

export const subStateWords: Record<SubState, string> = {
  created: 'Created',
  found_again: 'Found again',
  changed: 'Changed',
  unchanged: 'Nothing to change',
  removed: 'Cancelled',
  released: 'Room freed',
  answered_meanwhile: 'Room accepted meanwhile',
  deleted_outside: 'Deleted in Outlook',
  overruled: 'Outlook said otherwise',
  no_request: 'Not sent: No request',
  not_required: 'Not required',
  waits_for_permission: 'Waits for permission',
  waits_for_configuration: 'Waits for configuration',
  later: 'Tried again',
  refused: 'Refused',
}

export const actionWords: Record<SyncAction, string> = {
  create: 'Create',
  update: 'Update',
  cancel: 'Cancel',
  release: 'Free the room',
}

export const actsAsWords: Record<NonNullable<SyncEvent['actsAs']>, string> = {
  application: 'the application’s permission',
  delegated: 'the delegated mailbox’s permission',
  personal: 'the person’s own permission',
}

/** What waits for somebody is no fault yet; what was refused is. */
export function eventMeaning({ state, subState }: Pick<SyncEvent, 'state' | 'subState'>): Meaning {
  if (state === 'new' || state === 'processing') return 'waiting'
  if (state === 'error') return subState === 'refused' ? 'refused' : 'attention'
  return subState === 'no_request' || subState === 'not_required' ? 'neutral' : 'good'
}

/** `Error · Refused`; the state alone while nothing has come of it. */
export function eventWord({ state, subState }: Pick<SyncEvent, 'state' | 'subState'>): string {
  return subState === null ? stateWords[state] : `${stateWords[state]} · ${subStateWords[subState]}`
}

/** The same for dense rows, where the icon says whether it is an error. */
export function shortEventWord({ state, subState }: Pick<SyncEvent, 'state' | 'subState'>): string {
  return subState === null ? stateWords[state] : subStateWords[subState]
}

export const sourceWords: Record<NonNullable<SyncEventRecord['source']>, string> = {
  portal: 'the portal',
  quick_reservation: 'quick reservation',
  mobile: 'a phone',
  event_planner: 'the event planner',
  rest_api: 'the REST API',
  cli: 'the command line',
  panel: 'a room panel',
  system: 'Anteroom itself',
  outlook: 'Outlook',
}

export const roomWords: Record<RoomHealth['is'], { meaning: Meaning; word: string }> = {
  in_step: { meaning: 'good', word: 'In step' },
  drifted: { meaning: 'attention', word: 'Drifted' },
  late: { meaning: 'refused', word: 'Late' },
  troubled: { meaning: 'attention', word: 'Trouble' },
  waiting: { meaning: 'waiting', word: 'Waiting' },
  held: { meaning: 'refused', word: 'Held' },
  stopped: { meaning: 'neutral', word: 'Stopped' },
}
