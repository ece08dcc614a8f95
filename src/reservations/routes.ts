import { mountSignedIn, type Router } from '#http/mount.ts'
import { approve, reject } from './approve.ts'
import { readAvailability } from './availability.ts'
import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { change } from './change.ts'
import {
  approveReservation,
  availability,
  book as bookEndpoint,
  cancelReservation,
  changeReservation,
  listReservations,
  readReservation,
  readReservingRules,
  rejectReservation,
  submitReservation,
} from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { listPage, readOne } from './list.ts'
import { reservingRules } from './reserving-rules.ts'
import { submit } from './submit.ts'

export function mountReservations(router: Router, deps: ReservationsDeps): void {
  const { db } = deps
  // Before `/{id}`: the router takes the first that fits.
  mountSignedIn(router, availability, ({ actor, query }) => readAvailability(db, actor, query))
  mountSignedIn(router, readReservingRules, ({ actor, query }) => reservingRules(deps, actor, query.roomId))
  mountSignedIn(router, listReservations, ({ actor, query }) => listPage(deps, actor, query))
  mountSignedIn(router, bookEndpoint, ({ actor, body }) => book(deps, actor, body))
  mountSignedIn(router, readReservation, ({ actor, params }) => readOne(deps, actor, params.id))
  mountSignedIn(router, changeReservation, ({ actor, params, body }) =>
    change(deps, actor, { id: params.id, input: body }),
  )
  mountSignedIn(router, cancelReservation, ({ actor, params, body }) =>
    cancel(deps, actor, { id: params.id, reason: body.reason }),
  )
  mountSignedIn(router, approveReservation, ({ actor, params, body }) =>
    approve(deps, actor, { id: params.id, comment: body.comment }),
  )
  mountSignedIn(router, rejectReservation, ({ actor, params, body }) =>
    reject(deps, actor, { id: params.id, comment: body.comment }),
  )
  mountSignedIn(router, submitReservation, ({ actor, params }) => submit(deps, actor, params.id))
}
