import { Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type HoldWord, readWatchedRoom, releaseRoom, type WatchedRoom } from '#watch/contract.ts'
import { Banner } from '../design/banner.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useHasRole } from '../shell/queries.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'

/** A room that was stopped because too much was missing at once, and the two answers that a person can give. */
export function HoldNotice({ watched: { room, say } }: { watched: WatchedRoom }) {
  const mayDecide = useHasRole('admin')
  const [asking, setAsking] = useState(false)
  const release = useMutation({
    mutationFn: (word: HoldWord) => call(releaseRoom, { params: { id: room.id }, body: { word } }),
    onSuccess: (answer) => {
      setAsking(false)
      adoptAnswer(readWatchedRoom, { id: room.id }, answer)
      saySaved(room.name, 'It goes on, and is being read.')
    },
    onError: (error) => sayNotDone(room.name, error),
  })
  const buttons = (
    <Group gap="xs">
      <Button variant="default" loading={release.isPending} onClick={() => release.mutate('read_again')}>
        Read again
      </Button>
      <Button color="red" onClick={() => setAsking(true)}>
        They are gone
      </Button>
    </Group>
  )
  return (
    <>
      <Banner meaning="refused" title="Held until an administrator decides" action={mayDecide ? buttons : undefined}>
        {say}
      </Banner>
      <ConfirmDialog
        opened={asking}
        title="They are gone"
        confirm="They are gone"
        danger
        busy={release.isPending}
        onConfirm={() => release.mutate('they_are_gone')}
        onCancel={() => setAsking(false)}
      >
        Each of the missing meetings is asked for once more by its id. Whatever is really not there counts as deleted in
        Outlook: its reservation in {room.name} ends, and whoever reserved it is told. What is there after all stays.
      </ConfirmDialog>
    </>
  )
}
