import { readReservation } from '#reservations/contract.ts'
import type { Person } from '../../test/support/person.ts'

/** A reservation as a person's page shows it, and since when. */
export type Sight = { id: string; subject: string; startsAt: string; state: string; reason: string | null; at: number }

/** Somebody's open page: it hears what changed, reads that anew, and shows it. */
export type LiveReader = { sights: readonly Sight[]; close: () => void }

export async function openLiveReader(person: Person): Promise<LiveReader> {
  const answer = await person.send('GET', '/api/live')
  if (!answer.ok || answer.body === null) throw new Error(`no live updates for ${person.upn}: ${answer.status}`)
  const sights: Sight[] = []
  const reader = answer.body.getReader()
  const reading = follow(reader, async (id) => {
    const { reservation } = await person.call(readReservation, { params: { id } })
    const { subject, startsAt, state, stateReason: reason } = reservation
    sights.push({ id, subject, startsAt, state, reason, at: Date.now() })
  })
  reading.catch(() => undefined)
  return { sights, close: () => void reader.cancel().catch(() => undefined) }
}

/** Server-sent events (HTML Living Standard, section 9.2), of which only those about reservations matter. */
async function follow(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  onReservation: (id: string) => Promise<void>,
): Promise<void> {
  const decoder = new TextDecoder()
  let text = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true })
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) {
      const id = /^event: reservation\ndata: \{"id":"([^"]+)"\}/.exec(event)?.[1]
      if (id !== undefined) void onReservation(id).catch(() => undefined)
    }
  }
}
