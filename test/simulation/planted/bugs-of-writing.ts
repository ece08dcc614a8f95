import type { PlantedBug } from './planted-bug.ts'

/** Mistakes on the way from reservations to Outlook. */
export const bugsOfWriting: readonly PlantedBug[] = [
  {
    name: 'write the whole event',
    from: 2,
    says: 'Every change writes all fields as they are here, so that what was written in Outlook meanwhile is lost.',
    edits: [
      {
        file: 'sync/changes-to.ts',
        find: 'if (now.notes !== before?.notes) {',
        replace: 'if (Object.keys(now).length > 0) {',
      },
      {
        file: 'sync/changes-to.ts',
        find: "content: replaceNotes(event.body?.content ?? '', whole.row.notes)",
        replace: "content: replaceNotes('', whole.row.notes)",
      },
    ],
  },
  {
    name: 'create again without looking',
    says: 'A create whose answer was lost is sent again, with nothing that Graph could know it by.',
    needs: ['answer lost'],
    edits: [
      {
        file: 'sync/event-draft.ts',
        find: 'transactionId: transactionIdOf(row.id, row.generation),',
        replace: 'transactionId: crypto.randomUUID(),',
      },
      {
        file: 'sync/write-event.ts',
        find: 'if (link.attempting_since !== null) {\n    const found',
        replace: 'if (link.attempts < 0) {\n    const found',
      },
    ],
  },
  {
    name: 'done before it is done',
    says: 'A change is struck off before it is carried out, so a crash in between loses it.',
    needs: ['kill worker'],
    edits: [
      {
        file: 'sync/push.ts',
        find: 'const { whole, lease } = going\n',
        replace:
          "const { whole, lease } = going\n  await deps.db.updateTable('reservation_outbox').set({ done_at: deps.seams.now() }).where('seq', '=', going.entry.seq).execute()\n",
      },
    ],
  },
  {
    name: 'a person’s token for the system',
    from: 7,
    says: 'A meeting in a person’s calendar is written with that person’s token, whoever asked for it.',
    edits: [
      {
        file: 'sync/mode.ts',
        find: 'if (requestedFor.id !== null && requestedFor.id === actorId && isInteractive(source)) {',
        replace: 'if (requestedFor.id !== null && (actorId ?? source) !== null) {',
      },
      {
        file: 'sync/mode.ts',
        find: '  if (!isInteractive(source)) {\n    const say = `The meeting is in the calendar',
        replace:
          "  if (!isInteractive(source)) return allowed(mailbox)\n  if (actorId === '') {\n    const say = `The meeting is in the calendar",
      },
    ],
  },
  {
    name: 'delete what is not ours',
    says: 'A room is freed by deleting the meeting from its organizer’s calendar, whoever made it.',
    edits: [
      {
        file: 'sync/release.ts',
        find: 'const declined = await declineEvent(acting.graph, mailbox, { id: copy.id, comment })',
        replace:
          "const declined = await (await import('#graph/events.ts')).deleteEvent(acting.graph, mailbox, copy.id)",
      },
    ],
  },
  {
    name: 'ignore the fence',
    from: 19,
    says: 'A worker that was slower than its lease commits all the same.',
    needs: ['freeze'],
    edits: [
      {
        file: 'jobs/lease.ts',
        find: 'if (!held) throw new LeaseLost(lane)',
        replace: 'if (!held && lane === null) throw new LeaseLost(lane)',
      },
    ],
  },
  {
    name: 'ignore Retry-After',
    from: 8,
    says: 'A mailbox that asked to be left alone is called again at once.',
    needs: ['throttled'],
    edits: [
      { file: 'pace/pace.ts', find: 'if (waitMs > 0) await notePause', replace: 'if (waitMs < 0) await notePause' },
    ],
  },
]
