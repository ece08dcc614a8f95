import { mountSignedIn, type Router } from '#http/mount.ts'
import { readAvailability } from './availability.ts'
import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { change } from './change.ts'
import {
  availability,
  book as bookEndpoint,
  cancelReservation,
  changeReservation,
  listReservations,
  readReservation,
  submitReservation,
} from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { listPage, readOne } from './list.ts'
import { submit } from './submit.ts'

export function mountReservations(router: Router, deps: ReservationsDeps): void {
  const { db, seams } = deps
  // Before `/{id}`: the router takes the first that fits.
  mountSignedIn(router, availability, ({ actor, query }) => readAvailability(db, actor, query))
  mountSignedIn(router, listReservations, ({ actor, query }) => listPage(db, actor, { query, now: seams.now() }))
  mountSignedIn(router, bookEndpoint, ({ actor, body }) => book(deps, actor, body))
  mountSignedIn(router, readReservation, ({ actor, params }) => readOne(db, actor, { id: params.id, now: seams.now() }))
  mountSignedIn(router, changeReservation, ({ actor, params, body }) =>
    change(deps, actor, { id: params.id, input: body }),
  )
  mountSignedIn(router, cancelReservation, ({ actor, params, body }) =>
    cancel(deps, actor, { id: params.id, reason: body.reason }),
  )
  mountSignedIn(router, submitReservation, ({ actor, params }) => submit(deps, actor, params.id))
}
