import { countedMax, type SyncEvent, subStates, syncActions, syncEventStates } from '#sync/sync-event.contract.ts'
import type { Filter } from '../design/filter-chip.tsx'
import type { ListState } from '../design/record-list.tsx'
import { sinceFilter, sinceInstant } from '../shell/since-filter.ts'
import { actionWords, stateWords, subStateWords } from './sync-words.ts'

/** What narrows the list, as it stands in the address. */
export const filterKeys = ['state', 'subState', 'action', 'since', 'roomId', 'errorCode'] as const

export const syncEventFilters: readonly Filter[] = [
  { key: 'state', label: 'State', options: syncEventStates.map((value) => ({ value, label: stateWords[value] })) },
  { key: 'subState', label: 'Outcome', options: subStates.map((value) => ({ value, label: subStateWords[value] })) },
  { key: 'action', label: 'Action', options: syncActions.map((value) => ({ value, label: actionWords[value] })) },
  sinceFilter,
]

/** Chips for what another page has narrowed the list to: they are only there to be taken off again. */
export function narrowedTo({ roomId, errorCode }: ListState['filters'], rows: readonly SyncEvent[]): Filter[] {
  const name = rows[0]?.room.name ?? 'One room'
  return [
    ...(roomId ? [{ key: 'roomId', label: 'Room', options: [{ value: roomId, label: name }] }] : []),
    ...(errorCode ? [{ key: 'errorCode', label: 'Reason', options: [{ value: errorCode, label: errorCode }] }] : []),
  ]
}

/** What the API is asked. */
export function syncEventAsk({ q, filters }: ListState): Record<string, string> {
  const { since: span, ...rest } = filters
  const narrowing = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== ''))
  const since = sinceInstant(span)
  return { ...(q === '' ? {} : { q }), ...narrowing, ...(since === null ? {} : { since }) }
}

export const manyNote = `More than ${countedMax} match. Choose a time, a state or a word to see the older ones.`
