import type { PlantedBug } from './planted-bug.ts'

/** Mistakes on the way from Outlook to reservations. */
export const bugsOfReading: readonly PlantedBug[] = [
  {
    name: 'trust the notification',
    says: 'A notification that something was deleted is believed.',
    needs: ['notifications lie'],
    from: 2,
    edits: [
      {
        file: 'watch/intake.ts',
        find: '    const rooms = await countHints(',
        replace: `    for (const { item } of judged.accepted) {
      if (item.kind !== 'deleted' || item.resourceId === null) continue
      const gone = { gone_at: now, gone_why: 'deleted' as const, plan_due_at: now, changed_at: now }
      await trx.updateTable('room_events').set(gone).where('event_id', '=', item.resourceId).execute()
    }
    const rooms = await countHints(`,
      },
    ],
  },
  {
    name: 'an end is not heard',
    says: 'What a room declined, and what was cancelled or deleted in Outlook, goes on here.',
    edits: [
      {
        file: 'sync/plan.ts',
        find: '  if (end !== null) return end\n',
        replace: "  if (end !== null && ours.state === 'draft') return end\n",
      },
    ],
  },
  {
    name: 'an answer is not heard',
    says: 'What a room answers changes nothing here.',
    edits: [
      {
        file: 'sync/plan-live.ts',
        find: '  if (isOurs) return null\n',
        replace: '  if (isOurs || room === null || room !== null) return null\n',
      },
    ],
  },
]
