import type { Database } from '#db/database.ts'
import { listenProvably } from '#db/listen.ts'
import type { Seams } from '#kit/seams.ts'
import type { TokenOwner, TokenRecord } from './token-queries.ts'

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
  token: (owner: TokenOwner, read: () => Promise<TokenRecord | undefined>) => Promise<TokenRecord | undefined>
  /** Anything that follows from records and one owner's token alone; kept while `keeps` says that it is worth it. */
  resolved: <T extends object | null>(
    key: ResolvedKey,
    read: () => Promise<T>,
    keeps: (value: NonNullable<T>) => boolean,
  ) => Promise<T>
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
  const tokens = new Entries<TokenRecord>(entriesMax ?? entriesMaxDefault)
  const resolved = new Entries<object>(entriesMax ?? entriesMaxDefault)
  /** Aliases of which something is kept: as many as there are. */
  const aliasIds = new Set<string>()
  const forgetAll = () => {
    tokens.clear()
    resolved.clear()
  }
  const hear = (said: string) => {
    const [, userId = ''] = said.split(' ')
    // Anybody's resolution may rest on the token of a System credential.
    if (said === everything || userId === '') return forgetAll()
    tokens.forget([said])
    resolved.forget([...aliasIds].map((aliasId) => resolvedKey({ aliasId, who: userId })))
  }
  const ears = await listenProvably(db, { channel, onPayload: hear, onGap: forgetAll, wait: seams.wait })
  const trusted = trustOf(ears.prove, seams.now)
  return {
    token: (owner, read) =>
      tokens.through({ key: tokenKey(owner), trusted: trusted(), read, keeps: (token) => token.state === 'ready' }),
    resolved: <T extends object | null>(
      key: ResolvedKey,
      read: () => Promise<T>,
      keeps: (value: NonNullable<T>) => boolean,
    ) =>
      resolved.through<T>({
        key: resolvedKey(key),
        trusted: trusted(),
        read,
        keeps: (value) => keeps(value) && aliasIds.add(key.aliasId).size > 0,
      }),
    close: ears.close,
  }
}

const tokenKey = ({ credentialId, userId }: TokenOwner) => `${credentialId} ${userId ?? ''}`
const resolvedKey = ({ aliasId, who }: ResolvedKey) => `${who} ${aliasId}`

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

type Asked<R> = { key: string; trusted: boolean; read: () => Promise<R>; keeps: (value: NonNullable<R>) => boolean }

/** A bounded map. When it is full, the first entry that was not used since its last turn goes, so that a hit costs one look and no more. */
class Entries<T extends object> {
  readonly #max: number
  readonly #values = new Map<string, { value: T; used: boolean }>()
  /** Grows with everything that is said; what was read while it grew is not kept. */
  #said = 0

  constructor(max: number) {
    this.#max = max
  }

  through<R extends T | null | undefined>(asked: Asked<R>): Promise<R> {
    const known = asked.trusted ? this.#values.get(asked.key) : undefined
    if (known === undefined) return this.#read(asked)
    known.used = true
    return Promise.resolve(known.value as unknown as R)
  }

  async #read<R extends T | null | undefined>({ key, trusted, read, keeps }: Asked<R>): Promise<R> {
    const saidBefore = this.#said
    const value = await read()
    if (trusted && value != null && saidBefore === this.#said && keeps(value)) this.#keep(key, value)
    return value
  }

  forget(keys: readonly string[]): void {
    this.#said += 1
    for (const key of keys) this.#values.delete(key)
  }

  clear(): void {
    this.#said += 1
    this.#values.clear()
  }

  #keep(key: string, value: T): void {
    this.#values.delete(key)
    for (const [other, entry] of this.#values) {
      if (this.#values.size < this.#max) break
      this.#values.delete(other)
      if (entry.used) this.#values.set(other, { value: entry.value, used: false })
    }
    this.#values.set(key, { value, used: false })
  }
}
