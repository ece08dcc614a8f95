import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>

const css = `
:root { color-scheme: light dark;
  --ground: #eef1f4; --card: #ffffff; --text: #1b1a19; --quiet: #5c5b59; --line: #8a8886; --faint: #d9dce0;
  --accent: #0b63b5; --on-accent: #ffffff; --accent-soft: #e7f0f9; --bad: #a4262c; --bad-soft: #fdeeee; --note: #fff4ce; --on-note: #4a3b00; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #17191c; --card: #222529; --text: #f3f2f1; --quiet: #b8b6b3; --line: #8a8886; --faint: #3b3f45;
  --accent: #6cb2f5; --on-accent: #0b1b2a; --accent-soft: #1d3348; --bad: #ff9ba0; --bad-soft: #3d1f21; --note: #3d3410; --on-note: #fbe9a9; } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100dvh; display: flex; flex-direction: column; background: var(--ground); color: var(--text);
  font: 15px/1.45 "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif }
.note { background: var(--note); color: var(--on-note); font-size: 13px; text-align: center; padding: 6px 16px }
main { flex: 1; display: grid; place-items: center; padding: 24px 16px }
.card { width: min(440px, 100%); background: var(--card); padding: 36px 40px 32px; border-radius: 4px; box-shadow: 0 2px 8px rgb(0 0 0 / .16) }
.brand { display: flex; align-items: center; gap: 8px; font-weight: 600; color: var(--quiet); margin: 0 0 16px }
.brand::before { content: ""; width: 18px; height: 18px; border-radius: 5px; background: var(--accent) }
.identity { color: var(--quiet); margin: 0 0 4px; overflow-wrap: anywhere }
h1 { font-size: 24px; line-height: 1.2; font-weight: 600; margin: 0 0 12px; overflow-wrap: anywhere }
p { margin: 0 0 12px }
.quiet { color: var(--quiet); font-size: 13px }
label { display: block; font-weight: 600; font-size: 13px; margin: 12px 0 4px }
input[type=email], input[type=text], input[type=password] { width: 100%; font: inherit; color: inherit; background: transparent;
  padding: 8px 2px; border: 0; border-bottom: 1px solid var(--line); border-radius: 0 }
input[aria-invalid=true] { border-bottom-color: var(--bad) }
.error { color: var(--bad); background: var(--bad-soft); border-radius: 4px; padding: 8px 12px; margin: 0 0 12px; overflow-wrap: anywhere }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.buttons { display: flex; justify-content: flex-end; gap: 8px; margin-top: 24px; flex-wrap: wrap }
button, .button { font: inherit; min-width: 108px; min-height: 36px; padding: 6px 16px; border: 1px solid var(--line); border-radius: 2px;
  background: transparent; color: inherit; cursor: pointer; text-decoration: none; text-align: center }
button.primary, .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
button:hover { filter: brightness(.95) }
.rows { list-style: none; margin: 8px -16px 0; padding: 0 }
.rows button { display: block; width: 100%; text-align: left; border: 0; border-radius: 2px; padding: 10px 16px; min-height: 56px }
.rows button:hover { background: var(--accent-soft); filter: none }
.rows strong, .rows span { display: block; overflow-wrap: anywhere }
.rows span { color: var(--quiet); font-size: 13px }
.scopes { margin: 0 0 16px; padding: 0; list-style: none }
.scopes li { padding: 8px 0; border-bottom: 1px solid var(--faint) }
.scopes summary { cursor: pointer; font-weight: 600 }
.scopes p { color: var(--quiet); font-size: 13px; margin: 4px 0 0 18px }
.scopes code { font-size: 12px }
.choice { display: flex; gap: 8px; align-items: flex-start; font-weight: 400; font-size: 14px }
.hint { margin-top: 20px; padding-top: 12px; border-top: 1px solid var(--faint); font-size: 13px; color: var(--quiet) }
.hint summary { cursor: pointer }
.hint .rows button { min-height: 0; padding: 6px 16px }
code { overflow-wrap: anywhere }
a { color: var(--accent) }
@media (max-width: 480px) { main { padding: 0; place-items: stretch } .card { box-shadow: none; border-radius: 0; padding: 28px 24px } .buttons { justify-content: stretch } .buttons > * { flex: 1 } }
`

/** A page of the sign-in service: one card, no script, with the note that this is not Microsoft. */
export function page(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(css)}</style>
</head>
<body>
<div class="note" role="note">Local tenant &ndash; rehearsal. This is not Microsoft; nothing leaves this computer.</div>
<main><div class="card">${content}</div></main>
</body>
</html>`
}
