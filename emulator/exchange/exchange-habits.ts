import type { EventItem } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { EventChanges, Invitee } from './event-changes.ts'

const subjectMax = 255

/** What Exchange makes of what was written before it keeps it, as far as the switches ask for it. What comes back is then not what was sent. */
export function asExchangeKeeps<C extends EventChanges>(tenant: Tenant, changes: C): C {
  const { reformatsBodies, trimsSubjects, rewritesAttendees } = tenant.switches
  return {
    ...changes,
    ...(reformatsBodies && changes.body !== undefined ? { body: reformatted(changes.body) } : {}),
    ...(trimsSubjects && changes.subject !== undefined ? { subject: trimmed(changes.subject) } : {}),
    ...(rewritesAttendees && changes.attendees !== undefined
      ? { attendees: changes.attendees.map((one) => asTheDirectoryHasIt(tenant, one)) }
      : {}),
  }
}

/** HTML in Exchange's own hand: comments gone, tags in small letters, CRLF, no space at either end, and a division around it all. */
function reformatted({ contentType, content }: EventItem['body']): EventItem['body'] {
  const written = contentType === 'text' ? lines(content) : content
  const tidy = written
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(\/?)([A-Za-z][A-Za-z0-9]*)/g, (_, slash: string, tag: string) => `<${slash}${tag.toLowerCase()}`)
    .replace(/\s*\/>/g, '>')
    .replace(/[ \t]+$/gm, '')
    .replace(/\r?\n/g, '\r\n')
    .trim()
  if (tidy === '' || tidy.startsWith(division)) return { contentType: 'html', content: tidy }
  return { contentType: 'html', content: `${division}${tidy}</div>` }
}

const division = '<div class="elementToProof">'

function lines(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped.trim().replace(/\r?\n/g, '<br>\r\n')
}

function trimmed(subject: string): string {
  return subject.replace(/\s+/g, ' ').trim().slice(0, subjectMax)
}

/** The directory's name for somebody, and their address in the letters somebody once gave it: `Mercury@Contoso.Example`. */
function asTheDirectoryHasIt(tenant: Tenant, invitee: Invitee): Invitee {
  const user = tenant.findUser(invitee.emailAddress.address)
  if (user === undefined) return invitee
  const address = user.mail.replace(
    /(^|[@.])([a-z])/g,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  )
  return { ...invitee, emailAddress: { name: user.displayName, address } }
}
