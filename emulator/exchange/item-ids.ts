import type { Chance } from '../chance.ts'

export type ItemIds = { id: string; immutableId: string; changeKey: string }

/** Ids of a new item: both are opaque, case-sensitive, URL-safe and valid in one mailbox only. */
export function newItemId(chance: Chance): string {
  return `AAMkA${chance.bytes(84).toString('base64url')}AAA=`
}

/** The id that stays when an item moves between folders (`Prefer: IdType="ImmutableId"`). */
export function newImmutableId(chance: Chance): string {
  return `AAkALgAA${chance.bytes(45).toString('base64url')}AAA=`
}

/** Shared by every participant's copy of one meeting. */
export function newICalUId(chance: Chance): string {
  return `040000008200E00074C5B7101A82E008${chance.bytes(40).toString('hex').toUpperCase()}`
}

/** Whether a text could be an item id at all; if not, Exchange says `ErrorInvalidIdMalformed` and not `ErrorItemNotFound`. */
export function looksLikeItemId(text: string): boolean {
  return /^AA[A-Za-z0-9_-]{40,}=*$/.test(text)
}
