import { z } from 'zod'

const time = z.object({ dateTime: z.string(), timeZone: z.string() })
const body = z.object({ content: z.string() })
const attendee = z.object({ emailAddress: z.object({ address: z.string().nullish() }), type: z.string() })
const place = z.object({ displayName: z.string() })

/** A field of a Graph event as a person reads it; what is not known is shown as JSON. */
export function plainValue(value: unknown): string {
  if (value === null || value === undefined) return 'Nothing'
  if (typeof value === 'string') return value === '' ? 'Nothing' : value
  const at = time.safeParse(value)
  if (at.success) return `${at.data.dateTime.slice(0, 16).replace('T', ' ')} ${at.data.timeZone}`
  const text = body.safeParse(value)
  if (text.success) return textOf(text.data.content)
  const people = z.array(attendee).safeParse(value)
  if (people.success) return people.data.map(({ emailAddress, type }) => `${emailAddress.address} (${type})`).join('\n')
  const somewhere = place.safeParse(value)
  return somewhere.success ? somewhere.data.displayName : JSON.stringify(value, null, 2)
}

/** The words of an HTML body, without its tags. */
function textOf(html: string): string {
  return html
    .replaceAll(/<(br|\/div|\/p|\/tr)[^<>]*>/gi, '\n')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}
