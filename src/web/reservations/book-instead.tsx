import { Group, Stack, Text } from '@mantine/core'
import { RoomChoice } from '../rooms/room-choice.tsx'
import type { Alternative } from './room-clash.ts'

type BookInsteadProps = {
  alternatives: readonly Alternative[]
  pending: boolean
  problem: string | null
  onBook: (alternative: Alternative) => void
}

/** Rooms that are free at the time of a reservation that came to nothing. Everything else is taken over. */
export function BookInstead({ alternatives, pending, problem, onBook }: BookInsteadProps) {
  return (
    <Stack gap="xs">
      {alternatives.length > 0 ? (
        <Text>Book one of these instead. Subject, people and notes are taken over, and this meeting is cancelled.</Text>
      ) : (
        <Text>No other room of this size is free then.</Text>
      )}
      <Group gap="xs">
        {alternatives.map((alternative) => (
          <RoomChoice
            key={alternative.roomId}
            name={`Book ${alternative.name}, ${alternative.capacity} people instead`}
            disabled={pending}
            onChoose={() => onBook(alternative)}
          >
            {`${alternative.name}, ${alternative.capacity} people`}
          </RoomChoice>
        ))}
      </Group>
      {problem === null ? null : (
        <Text c="red" role="alert">
          {problem}
        </Text>
      )}
    </Stack>
  )
}
