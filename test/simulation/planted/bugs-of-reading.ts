import type { PlantedBug } from './planted-bug.ts'

/** Mistakes on the way from Outlook to reservations. */
export const bugsOfReading: readonly PlantedBug[] = [
  {
    name: 'trust the notification',
    says: 'A notification that something was deleted is believed.',
    needs: ['notifications lie'],
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
    name: 'missing is deleted',
    says: 'What a list does not have is gone, without asking for it.',
    needs: ['mailbox looks empty', 'delta tokens are forgotten'],
    edits: [
      {
        file: 'watch/settle-missing.ts',
        find: 'outcome: await readCopy(acting.graph, mailbox, row.event_id) })),',
        replace: "outcome: { is: 'ok', value: null, requestId: null } })),",
      },
    ],
  },
  {
    name: 'an echo is a change',
    says: 'What both sides agreed on is not noted after a write, so our own write comes back as news from Outlook.',
    edits: [
      {
        file: 'sync/record.ts',
        find: 'digest: await agreementAfter(trx, going, { now, how }),',
        replace:
          "digest: JSON.stringify({ ...agreementWith(whole), subject: 'none', time: 'none', timeBefore: null, writtenAt: null }),",
      },
    ],
  },
  {
    name: 'the cursor before the page',
    says: 'The link that follows a page is stored before the page, so a crash in between skips it.',
    needs: ['kill worker'],
    edits: [
      {
        file: 'watch/commit-page.ts',
        find: '  const changed = await transaction(deps.db, async (trx) => {\n    await assertFence(trx, reading.lease)\n',
        replace:
          '  await transaction(deps.db, (trx) => keepWatch(trx, reading.watch, { ...page.progress, updated_at: now }))\n  const changed = await transaction(deps.db, async (trx) => {\n    await assertFence(trx, reading.lease)\n',
      },
    ],
  },
  {
    name: 'a hint during a read is dropped',
    says: 'A read counts as having seen what was hinted at while it was under way.',
    edits: [
      {
        file: 'watch/conclude.ts',
        find: 'read_hints: began.hints,',
        replace: 'read_hints: watchHints(reading, began),',
      },
    ],
  },
  {
    name: 'resurrect what was cancelled',
    says: 'A meeting that was cancelled here comes back when an older look still shows it.',
    edits: [
      {
        file: 'sync/plan.ts',
        find: "  if (ours.endedBy === 'here') return { do: 'nothing', why: 'ended_here' }\n",
        replace: '',
      },
    ],
  },
]
