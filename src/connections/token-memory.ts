import type { Database } from '#db/database.ts'
import { listenProvably } from '#db/listen.ts'
import type { Seams } from '#kit/seams.ts'
import type { HeldToken } from './held-token.ts'
import type { TokenOwner } from './token-queries.ts'

/**
 * What this process remembers of tokens and of what aliases come to, so that a call with a good token needs no query.
 *
 * Why it is safe. Only records are kept, with their secrets sealed as in the database; each use opens the seal again. Triggers (migration 0004)
 * say every change of a token's version and every change of a record on one channel, at commit, whoever made it and however. Before an
 * entry is kept, nothing may have been said since its read began, so a read that raced a change is not kept. And nothing is used unless
 * this process has proved within the last second that it hears (`Ears.prove`): when the listening connection is dead, slow or coming
 * back, reads go to the database.
 *
 * The bound: a token that was revoked or replaced, or a record that was changed, is not used later than `trustMs` after its commit was
 * acknowledged, and as a rule not later than one notification takes (a few milliseconds). A call that has begun is not called back.
 */
export type TokenMemory = {
  /** The owner's token if it is ready; `read` is asked when it is not known. */
  token: (owner: TokenOwner, read: () => Promise<HeldToken | undefined>) => HeldToken | Promise<HeldToken | undefined>
  /** Anything that follows from records and one owner's token alone; kept while `keeps` says that it is worth it. */
  resolved: <T extends object | null>(
    key: ResolvedKey,
    read: () => Promise<T>,
    keeps: (value: NonNullable<T>) => boolean,
  ) => T | Promise<T>
  close: () => Promise<void>
}

/** `who` is a person's id, or `system`. */
export type ResolvedKey = { aliasId: string; who: string }

export type TokenMemoryDeps = { db: Database; seams: Pick<Seams, 'now' | 'wait'>; entriesMax?: number }

const channel = 'anteroom_tokens'
/** What the triggers say when a record changed that any resolution may rest on. */
const everything = '*'

const trustMs = 1_000
const proveEveryMs = 250
/** Some 5 KB each. */
const entriesMaxDefault = 20_000

/** Opens the memory of one process. It is empty, and not used, until it has proved that it hears. */
export async function openTokenMemory({ db, seams, entriesMax }: TokenMemoryDeps): Promise<TokenMemory> {
  const people = new People(entriesMax ?? entriesMaxDefault)
  const hear = (said: string) => {
    const [, userId = ''] = said.split(' ')
    // Anybody's resolution may rest on the token of a System credential.
    if (said === everything || userId === '') people.forgetAll()
    else people.forget(userId)
  }
  const onGap = () => people.forgetAll()
  const ears = await listenProvably(db, { channel, onPayload: hear, onGap, wait: seams.wait })
  const trusted = trustOf(ears.prove, seams.now)
  return {
    token: ({ credentialId, userId }, read) => {
      const place = { who: userId ?? 'system', key: credentialId }
      const isTrusted = trusted()
      const known = isTrusted ? people.find(place) : undefined
      return known === undefined ? people.read(place, isTrusted, read, isReady) : (known as HeldToken)
    },
    resolved: <T extends object | null>(
      { who, aliasId: key }: ResolvedKey,
      read: () => Promise<T>,
      keeps: (value: NonNullable<T>) => boolean,
    ) => {
      const place = { who, key }
      const isTrusted = trusted()
      const known = isTrusted ? people.find(place) : undefined
      return known === undefined ? people.read(place, isTrusted, read, keeps) : (known as NonNullable<T>)
    },
    close: ears.close,
  }
}

const isReady = ({ record }: HeldToken) => record.state === 'ready'

/** May what is remembered be used now? Asks for the next proof on the way, so that an idle process sends nothing. */
function trustOf(prove: () => Promise<boolean>, now: () => Date): () => boolean {
  let provenAtMs = Number.NEGATIVE_INFINITY
  let proving = false
  const proveAgain = async (askedAtMs: number) => {
    proving = true
    if (await prove()) provenAtMs = askedAtMs
    proving = false
  }
  return () => {
    const nowMs = now().getTime()
    const ageMs = nowMs - provenAtMs
    if (!proving && !(ageMs >= 0 && ageMs < proveEveryMs)) void proveAgain(nowMs)
    return ageMs >= 0 && ageMs < trustMs
  }
}

type Place = { who: string; key: string }
type Person = { used: boolean; kept: Map<string, object> }

class People {
  readonly #max: number
  readonly #people = new Map<string, Person>()
  #said = 0

  constructor(max: number) {
    this.#max = max
  }

  find({ who, key }: Place): object | undefined {
    const person = this.#people.get(who)
    if (person === undefined) return undefined
    person.used = true
    return person.kept.get(key)
  }

  async read<R extends object | null | undefined>(
    place: Place,
    trusted: boolean,
    read: () => Promise<R>,
    keeps: (value: NonNullable<R>) => boolean,
  ): Promise<R> {
    const saidBefore = this.#said
    const value = await read()
    if (trusted && value != null && saidBefore === this.#said && keeps(value)) this.#keep(place, value)
    return value
  }

  forget(who: string): void {
    this.#said += 1
    this.#people.delete(who)
  }

  forgetAll(): void {
    this.#said += 1
    this.#people.clear()
  }

  #keep({ who, key }: Place, value: object): void {
    const known = this.#people.get(who)
    if (known !== undefined) return void known.kept.set(key, value)
    for (const [other, entry] of this.#people) {
      if (this.#people.size < this.#max) break
      this.#people.delete(other)
      if (entry.used) this.#people.set(other, { ...entry, used: false })
    }
    this.#people.set(who, { used: false, kept: new Map([[key, value]]) })
  }
}
