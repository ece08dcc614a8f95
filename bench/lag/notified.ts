import type { Stage } from '../stage/stage.ts'

/** When we were told of a meeting's copy in its room, each time, by the subject of its reservation. */
export async function notifiedAt({ db }: Stage): Promise<Map<string, number[]>> {
  const rows = await db
    .selectFrom('change_notifications')
    .innerJoin('room_events', (join) =>
      join
        .onRef('room_events.room_id', '=', 'change_notifications.room_id')
        .onRef('room_events.event_id', '=', 'change_notifications.resource_id'),
    )
    .innerJoin('reservations', 'reservations.id', 'room_events.reservation_id')
    .select(['reservations.subject', 'change_notifications.received_at'])
    .orderBy('change_notifications.seq')
    .execute()
  const moments = new Map<string, number[]>()
  for (const { subject, received_at } of rows) {
    moments.set(subject, [...(moments.get(subject) ?? []), received_at.getTime()])
  }
  return moments
}
