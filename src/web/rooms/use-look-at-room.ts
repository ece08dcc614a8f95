import { useQuery } from '@tanstack/react-query'
import { lookAtRoom } from '#watch/contract.ts'
import { call } from '../shell/api.ts'

/** Shorter than the two minutes for which one look lasts. */
const everyMs = 60_000

/**
 * Says that somebody looks at this room, for as long as they do: its calendar is read at once and more often, and what comes of it is a
 * live update. Its own key, so that the live updates that follow do not ask again. Nothing is lost when it does not get through.
 */
export function useLookAtRoom(roomId: string | null): void {
  useQuery({
    queryKey: ['look', roomId],
    queryFn: ({ signal }) => call(lookAtRoom, { params: { id: roomId ?? '' } }, signal),
    enabled: roomId !== null,
    refetchInterval: everyMs,
    staleTime: everyMs / 2,
    retry: false,
  })
}
