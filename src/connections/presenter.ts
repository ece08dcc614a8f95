import type { GuardedInit } from '#kit/guarded-fetch.ts'

/** One call as it goes out. */
export type Outgoing = { url: string; init: GuardedInit }

/** A proof of who calls, good for one try. */
export type Shown = {
  /** Puts the proof on a call. What comes out is sent and never written anywhere: it holds a secret, even in its address. */
  put: (call: Outgoing) => Outgoing
  /** Takes what an answer repeats of the proof out of its headers. */
  clean: (answer: Response) => void
  /** After the server did not accept it: a newer one, or null where there is none. */
  renewed: () => Promise<Shown | null>
}

/** How calls of one credential say who makes them. @throws what stands in the way, before anything is sent */
export type Presenter = () => Promise<Shown>
