import { Anchor, Button, CloseButton, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readReservation } from '#reservations/contract.ts'
import { Banner } from '../design/banner.tsx'
import { spanText } from '../rooms/wall-time.ts'
import { asking } from '../shell/queries.ts'
import { stateWords } from './reservation-state.ts'

type RecentReservationsProps = { ids: readonly string[]; onDismiss: (id: string) => void }

/** What was reserved on this page since it was opened, live: waiting for the room, then confirmed or declined. */
export function RecentReservations({ ids, onDismiss }: RecentReservationsProps) {
  if (ids.length === 0) return null
  return (
    <Stack gap="xs" aria-live="polite">
      {ids.map((id) => (
        <Recent key={id} id={id} onDismiss={() => onDismiss(id)} />
      ))}
    </Stack>
  )
}

function Recent({ id, onDismiss }: { id: string; onDismiss: () => void }) {
  const { data } = useQuery(asking(readReservation, { params: { id } }))
  if (!data) return null
  const { room, startsAt, endsAt, timeZone, permissionNeeded } = data.reservation
  const { meaning, word, sentence } = stateWords(data.reservation)
  const span = spanText(Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt), timeZone)
  return (
    <Banner
      meaning={meaning}
      title={`${room.name}, ${span}: ${word.toLowerCase()}`}
      action={
        <Group gap="xs">
          {permissionNeeded ? (
            <Button size="xs" component={Link} to={`/reservations/${id}`}>
              Continue
            </Button>
          ) : (
            <Anchor component={Link} to={`/reservations/${id}`} underline="always" size="md">
              Details
            </Anchor>
          )}
          <CloseButton size="sm" aria-label={`Hide ${room.name}, ${span}`} onClick={onDismiss} />
        </Group>
      }
    >
      {sentence}
    </Banner>
  )
}
