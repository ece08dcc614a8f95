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

export type TokenMemoryDeps = { db: Database; seams: Pick<Seams, 'now' | 'wait'>; peopleMax?: number }

const channel = 'anteroom_tokens'
/** What the triggers say when a record changed that any resolution may rest on. */
const everything = '*'

const trustMs = 1_000
const proveEveryMs = 250
/** Some 5 KB each. */
const peopleMaxDefault = 20_000
/** Tokens and resolutions of one person, or of the system; callers may name connections in more ways than there are. */
const keptMax = 1_000

/** Opens the memory of one process. It is empty, and not used, until it has proved that it hears. */
export async function openTokenMemory({ db, seams, peopleMax }: TokenMemoryDeps): Promise<TokenMemory> {
  const people = new People(peopleMax ?? peopleMaxDefault)
  const hear = (said: string) => {
    const [, userId = ''] = said.split(' ')
    // Anybody's resolution may rest on the token of a System credential.
    if (said === everything || userId === '') people.forgetAll()
    else people.forget(userId)
  }
  const onGap = () => people.forgetAll()
  const ears = await listenProvably(db, { channel, onPayload: hear, onGap, wait: seams.wait })
  const isTrusted = trustOf(ears.prove, seams.now)
  const through = <T extends object | null | undefined>(place: Place, reading: Omit<Reading<T>, 'trusted'>) => {
    const trusted = isTrusted()
    const known = trusted ? people.find(place) : undefined
    return known === undefined ? people.read(place, { ...reading, trusted }) : (known as NonNullable<T>)
  }
  return {
    token: ({ credentialId, userId }, read) =>
      through({ who: userId ?? 'system', key: credentialId }, { read, keeps: isReady }),
    resolved: <T extends object | null>(
      { who, aliasId }: ResolvedKey,
      read: () => Promise<T>,
      keeps: (value: NonNullable<T>) => boolean,
    ) => through({ who, key: aliasId }, { read, keeps }),
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
type Reading<R> = { trusted: boolean; read: () => Promise<R>; keeps: (value: NonNullable<R>) => boolean }
type Person = { used: boolean; kept: Map<string, object> }

/**
 * A bounded map of people, and of what is kept for each: tokens by their credential, resolutions by their alias. So a use looks one person
 * up, by an id that is at hand, and what is said of a person forgets everything of theirs. When it is full, the first who was not asked
 * for since their last turn goes, so that a hit costs one look and no more.
 */
class People {
  readonly #max: number
  readonly #people = new Map<string, Person>()
  /** Grows with everything that is said; what was read while it grew is not kept. */
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

  async read<R extends object | null | undefined>(place: Place, { trusted, read, keeps }: Reading<R>): Promise<R> {
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
    const { kept } = this.#people.get(who) ?? this.#add(who)
    if (kept.size >= keptMax) kept.clear()
    kept.set(key, value)
  }

  #add(who: string): Person {
    for (const [other, entry] of this.#people) {
      if (this.#people.size < this.#max) break
      this.#people.delete(other)
      if (entry.used) this.#people.set(other, { ...entry, used: false })
    }
    const person = { used: false, kept: new Map() }
    this.#people.set(who, person)
    return person
  }
}
