import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listCalendarProviders } from '#providers/calendar-provider.contract.ts'
import { listRoomRecords } from '#rooms/room-record.contract.ts'
import { asking } from '../shell/queries.ts'
import type { Option } from '../shell/record-picker.tsx'

const pageSize = 50

function query(q: string): { q?: string; pageSize: number } {
  return q === '' ? { pageSize } : { q, pageSize }
}

export function useProviderOptions(q: string): readonly Option[] {
  const { data } = useQuery({
    ...asking(listCalendarProviders, { query: query(q) }),
    placeholderData: keepPreviousData,
  })
  return (data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

export function useRoomOptions(q: string): readonly Option[] {
  const { data } = useQuery({ ...asking(listRoomRecords, { query: query(q) }), placeholderData: keepPreviousData })
  return (data?.rows ?? []).map(({ id, name, building }) => ({ value: id, label: `${name} (${building.name})` }))
}
