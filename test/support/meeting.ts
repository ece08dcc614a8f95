import type { Attendee, Event } from '@microsoft/microsoft-graph-types'

/** A meeting on the day after `now`, ten to eleven in Berlin, with what else is asked for. */
export function meeting(now: Date, changes: Event = {}): Event {
  return {
    subject: 'Standup',
    body: { contentType: 'text', content: 'What did you do?' },
    ...hours(now, 10, 11),
    ...changes,
  }
}

/** Start and end on the day after `now`, in Berlin's wall time. */
export function hours(now: Date, from: number, to: number, zone = 'Europe/Berlin'): Pick<Event, 'start' | 'end'> {
  const day = new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10)
  const at = (hour: number) => ({ dateTime: `${day}T${String(hour).padStart(2, '0')}:00:00`, timeZone: zone })
  return { start: at(from), end: at(to) }
}

/** Rooms asked for: naming one in `location` books nothing. */
export function asking(...addresses: string[]): Attendee[] {
  return addresses.map((address) => ({ type: 'resource', emailAddress: { address } }))
}

export function inviting(...addresses: string[]): Attendee[] {
  return addresses.map((address) => ({ type: 'required', emailAddress: { address } }))
}
