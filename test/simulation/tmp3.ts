import { openStoreKeeper } from './database/store.ts'
import { runSeed } from './run/run-seed.ts'

const [seed, ops, res] = process.argv.slice(2)
const keeper = await openStoreKeeper('memory')
await runSeed(keeper, {
  seed: Number(seed),
  mode: 'liveness',
  operations: Number(ops),
  onEnd: async (w) => {
    const b = w.store.beside
    console.log(
      'now',
      w.scheduler.now(),
      'mode',
      w.plan.mode,
      w.plan.providers,
      [...w.plan.troubles].join(','),
      w.plan.switches,
    )
    const rows = (await b.selectFrom('reservations').selectAll().execute()).filter((r) => r.id.endsWith(res ?? ''))
    for (const r of rows) {
      console.log(r)
      const l = await b.selectFrom('event_links').selectAll().where('reservation_id', '=', r.id).execute()
      console.log(l)
      console.log(
        await b
          .selectFrom('room_events')
          .selectAll()
          .where('i_cal_uid', '=', l[0]?.i_cal_uid ?? '')
          .execute(),
      )
      for (const h of await b
        .selectFrom('reservation_history')
        .selectAll()
        .where('reservation_id', '=', r.id)
        .orderBy('seq')
        .execute())
        console.log(h.at, h.kind, h.sentence)
      console.log(await b.selectFrom('reservation_outbox').selectAll().where('reservation_id', '=', r.id).execute())
      for (const i of w.outside.tenant.events.listBy(l[0]?.i_cal_uid ?? ''))
        console.log(
          i.mailboxId,
          i.isOrganizer,
          i.startsAt,
          i.subject,
          i.responseStatus,
          i.deletedAt,
          i.isCancelled,
          i.modifiedAt,
          i.immutableId,
          JSON.stringify(i.attendees.map((a) => [a.emailAddress.address, a.status.response])),
        )
    }
    for (const x of await b.selectFrom('room_watches').selectAll().execute())
      console.log(
        x.mailbox,
        x.state,
        x.state_code,
        x.method,
        x.identity,
        x.read_at,
        x.next_read_at,
        x.attempts,
        x.last_error_code,
      )
  },
})
await keeper.close()
