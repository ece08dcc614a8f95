/** Above this line the text of the meeting is ours, below it belongs to whoever writes in Outlook. */
const line = 'Room reserved with Anteroom. Text below this line stays as you write it.'

/** The body of a new event: the notes and the line. */
export function bodyWithNotes(notes: string): string {
  return `<html><body>${block(notes)}</body></html>`
}

/**
 * Puts other notes into a body that Outlook has had its hands on. Everything below the line stays byte for byte (a Teams meeting
 * has its link there). Where somebody deleted the line, our block goes on top of everything.
 */
export function replaceNotes(body: string, notes: string): string {
  const bodyTag = /<body[^<>]*>/i.exec(body)
  const start = bodyTag ? bodyTag.index + bodyTag[0].length : 0
  const lineAt = body.indexOf(line)
  const rest = lineAt < 0 ? body.slice(start) : afterBlock(body, lineAt)
  return body.slice(0, start) + block(notes) + rest
}

/** Outlook may wrap the line in elements of its own: the block ends with the one that closes right behind it. */
function afterBlock(body: string, lineAt: number): string {
  return body.slice(lineAt + line.length).replace(/^(\s*<\/(?!body|html)[a-z0-9]+>)+/i, '')
}

function block(notes: string): string {
  const text = notes === '' ? '' : `<div>${escaped(notes).replaceAll(/\r?\n/g, '<br>')}</div>`
  return `${text}<div>${line}</div>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
