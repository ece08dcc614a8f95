import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { compareRoomNow, probeRoomNow, readRoomNow, type WatchedRoom } from '#watch/contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useHasRole } from '../shell/queries.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'

/** Read now, Compare now, Test again: each begins, and what comes of it shows by itself. */
export function RoomActions({ watched: { room, state } }: { watched: WatchedRoom }) {
  const mayAct = useHasRole('rsvsync_admin')
  const read = useBeginning('Read now', () => call(readRoomNow, { params: { id: room.id } }))
  const compare = useBeginning('Compare now', () => call(compareRoomNow, { params: { id: room.id } }))
  const probe = useBeginning('Test again', () => call(probeRoomNow, { params: { id: room.id } }))
  if (!mayAct) return null
  const isWatching = state === 'watching'
  const isTried = isWatching || state === 'waiting'
  return (
    <>
      <Button variant="default" disabled={!isTried} loading={probe.isPending} onClick={() => probe.mutate()}>
        Test again
      </Button>
      <Button variant="default" disabled={!isWatching} loading={compare.isPending} onClick={() => compare.mutate()}>
        Compare now
      </Button>
      <Button disabled={!isWatching} loading={read.isPending} onClick={() => read.mutate()}>
        Read now
      </Button>
    </>
  )
}

function useBeginning(title: string, begin: () => Promise<{ say: string }>) {
  return useMutation({
    mutationFn: begin,
    onSuccess: ({ say }) => saySaved(title, say),
    onError: (error) => sayNotDone(title, error),
    onSettled: () => refreshFeature('watch'),
  })
}
