import type { EventItem } from '../model.ts'

type Body = EventItem['body']

/** An item's body as Graph returns it: a whole HTML document, or text when text was preferred. */
export function bodyJson(body: Body, bodyAs: 'html' | 'text' | null): Body {
  if (bodyAs === 'text') return { contentType: 'text', content: textOf(body) }
  return { contentType: 'html', content: documentOf(body) }
}

/** The first 255 characters of the body as text. */
export function bodyPreview(body: Body): string {
  return textOf(body).replace(/\s+/g, ' ').trim().slice(0, 255)
}

/** Exchange stores HTML only, so what comes back is never what was sent. */
function documentOf({ contentType, content }: Body): string {
  if (content === '') return ''
  if (/^\s*(<!doctype|<html)/i.test(content)) return content
  const inner = contentType === 'text' ? `<div class="PlainText">${escaped(content)}</div>` : content
  const meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
  return `<html>\r\n<head>\r\n${meta}\r\n</head>\r\n<body>\r\n${inner}\r\n</body>\r\n</html>\r\n`
}

function textOf({ contentType, content }: Body): string {
  if (contentType === 'text') return content
  return content
    .replace(/<(head|style|script)[\s\S]*?<\/\1>/gi, '')
    .replace(/\s*\r?\n\s*/g, ' ')
    .replace(/<(br|\/p|\/div|\/li|\/tr)\b[^>]*>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&quot;/gi, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/gi, '&')
    .trim()
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\r?\n/g, '<br>\r\n')
}
