import { Group } from '@mantine/core'
import { Banner } from '../design/banner.tsx'
import { RoomChoice } from '../rooms/room-choice.tsx'
import type { Alternative, RoomClash } from './room-clash.ts'

type ClashNoticeProps = { clash: RoomClash; verb: string; onChoose: (alternative: Alternative) => void; busy?: boolean }

/** The kind sentence, and the rooms that are free then: one press switches the room and keeps everything else. */
export function ClashNotice({ clash, verb, onChoose, busy = false }: ClashNoticeProps) {
  return (
    <Banner meaning="attention" title={clash.say}>
      {clash.alternatives.length === 0 ? (
        'No other room of this size is free then. Try another time.'
      ) : (
        <Group gap="xs" mt={8}>
          {clash.alternatives.map((alternative) => (
            <RoomChoice
              key={alternative.roomId}
              name={`${verb} ${alternative.name}, ${alternative.capacity} people`}
              disabled={busy}
              onChoose={() => onChoose(alternative)}
            >
              {`${alternative.name}, ${alternative.capacity} people`}
            </RoomChoice>
          ))}
        </Group>
      )}
    </Banner>
  )
}
