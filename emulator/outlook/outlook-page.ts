import { html, raw } from 'hono/html'
import type { Html } from '../entra/page.ts'
import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'

/** Who looks, in whose name forms are signed, and the tenant they look at. */
export type Viewer = { tenant: Tenant; user: User; csrfToken: string }

const css = `
:root { color-scheme: light dark;
  --ground: #f5f6f8; --card: #ffffff; --text: #1b1a19; --quiet: #5c5b59; --line: #d6d9de; --field: #85878c;
  --accent: #0b63b5; --on-accent: #ffffff; --soft: #e7f0f9; --busy: #cfe3f7; --on-busy: #0c2d4d; --waiting: #f3e6c4; --on-waiting: #463600;
  --gone: #ececec; --on-gone: #55534f; --away: #ece0f2; --on-away: #45235c; --bad: #a4262c; --bad-soft: #fdeeee; --good-soft: #e3f3e6; --on-good: #0e4a1c; --note: #fff4ce; --on-note: #4a3b00; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #17191c; --card: #222529; --text: #f3f2f1; --quiet: #b8b6b3; --line: #3b3f45; --field: #8a8d93;
  --accent: #7dbcf7; --on-accent: #0b1b2a; --soft: #1d3348; --busy: #20415f; --on-busy: #e4f1ff; --waiting: #4a3d14; --on-waiting: #fbeab5;
  --gone: #2b2e33; --on-gone: #b8b6b3; --away: #3c2a49; --on-away: #e9d3f8; --bad: #ff9ba0; --bad-soft: #3d1f21; --good-soft: #17361f; --on-good: #c9f2d3; --note: #3d3410; --on-note: #fbe9a9; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.45 "Segoe UI", system-ui, -apple-system, "Helvetica Neue", Arial, sans-serif }
.note { background: var(--note); color: var(--on-note); font-size: 13px; text-align: center; padding: 6px 16px }
.bar { display: flex; gap: 8px 16px; align-items: center; flex-wrap: wrap; padding: 10px 24px; background: var(--card); border-bottom: 1px solid var(--line) }
.bar .product { font-weight: 600; margin-right: auto }
.bar .product a { color: inherit; text-decoration: none }
.bar .who { overflow-wrap: anywhere }
.frame { display: grid; grid-template-columns: 232px minmax(0, 1fr); gap: 24px; padding: 24px; max-width: 1500px; margin: 0 auto }
.frame.single { grid-template-columns: minmax(0, 720px); justify-content: center }
aside h2 { font-size: 13px; color: var(--quiet); margin: 0 0 4px }
aside ul { list-style: none; margin: 0 0 16px; padding: 0 }
aside a { display: block; padding: 6px 12px; border-radius: 8px; color: inherit; text-decoration: none; overflow-wrap: anywhere }
aside a[aria-current] { background: var(--soft); font-weight: 600 }
h1 { font-size: 20px; line-height: 1.25; margin: 0; overflow-wrap: anywhere }
.tools { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; margin: 0 0 16px }
.tools h1 { margin-right: auto }
a { color: var(--accent) }
button, .button { display: inline-block; font: inherit; min-height: 36px; padding: 6px 14px; border: 1px solid var(--field); border-radius: 8px; background: var(--card);
  color: inherit; cursor: pointer; text-decoration: none }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.danger { color: var(--bad); border-color: var(--bad) }
button.link { border: 0; background: none; padding: 0; min-height: 0; color: var(--accent); text-decoration: underline }
.button[aria-current] { background: var(--soft); border-color: var(--accent) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.days { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 8px; margin: 0; padding: 0; list-style: none }
.days.one { grid-template-columns: 1fr }
.day { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 8px; min-height: 480px }
.days.one .day { min-height: 240px }
.day h2 { font-size: 13px; margin: 0 0 8px; font-weight: 600 }
.day.today h2 { color: var(--accent) }
.day ul { list-style: none; margin: 0; padding: 0 }
.item { display: block; border-radius: 6px; padding: 6px 8px; margin: 0 0 6px; text-decoration: none; background: var(--busy); color: var(--on-busy); font-size: 13px; overflow-wrap: anywhere }
.item.waiting { background: var(--waiting); color: var(--on-waiting) }
.item { border-left: 4px solid var(--accent) }
.item.waiting { border-left-color: var(--on-waiting) }
.item.free { background: none; border: 1px dashed var(--field); border-left: 4px solid var(--field); color: inherit }
.item.oof { background: var(--away); color: var(--on-away); border-left-color: var(--on-away) }
.item.gone { border-left-color: var(--field) }
.item.gone { background: var(--gone); color: var(--on-gone) }
.item.gone strong { text-decoration: line-through }
.item span, .item strong { display: block }
.times { font-variant-numeric: tabular-nums }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 24px; margin: 0 0 16px }
.card h1, .card h2 { margin: 0 0 12px }
.card h2 { font-size: 16px }
.quiet { color: var(--quiet); font-size: 13px }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 6px 16px; margin: 0 }
dt { color: var(--quiet) }
dd { margin: 0; overflow-wrap: anywhere }
dd ul { margin: 0; padding: 0; list-style: none }
.row { display: flex; gap: 16px; justify-content: space-between; align-items: baseline; padding: 1px 0 }
.row button { flex: none; min-height: 28px }
.small { font-size: 13px }
.marks { margin: -6px 0 12px; display: flex; gap: 6px }
.mark { display: inline-block; font-size: 12px; font-weight: 600; border-radius: 999px; padding: 1px 8px; background: var(--waiting); color: var(--on-waiting) }
.waits { background: var(--waiting); color: var(--on-waiting); border-radius: 8px; padding: 8px 12px; margin: 0 0 12px }
.add { display: flex; gap: 8px; align-items: end }
.add div { flex: 1; min-width: 0 }
.check { display: flex; gap: 8px; align-items: center; font-weight: 400; font-size: 15px }
summary { cursor: pointer }
details[open] summary { margin-bottom: 12px }
.body { white-space: pre-wrap; overflow-wrap: anywhere; margin: 16px 0 0 }
label, legend { display: block; font-weight: 600; font-size: 13px; margin: 12px 0 4px; padding: 0 }
input:not([type=hidden]):not([type=checkbox]), select, textarea { width: 100%; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--field); border-radius: 8px; padding: 7px 10px; min-height: 36px }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0 12px }
.buttons { display: flex; gap: 8px; flex-wrap: wrap; margin-top: 20px }
.message { background: var(--good-soft); color: var(--on-good); border-radius: 8px; padding: 8px 12px; margin: 0 0 16px }
.error { background: var(--bad-soft); color: var(--bad); border-radius: 8px; padding: 8px 12px; margin: 0 0 16px }
code { overflow-wrap: anywhere; font-size: 12px }
@media (max-width: 1000px) { .days { grid-template-columns: 1fr } .day, .days.one .day { min-height: 0 } }
@media (max-width: 760px) { .frame { grid-template-columns: minmax(0, 1fr); padding: 16px } .bar { padding: 10px 16px } .pair { grid-template-columns: 1fr } .card { padding: 16px }
  dl { grid-template-columns: 1fr; gap: 0 } dd { margin-bottom: 10px } }
`

/** A page of the tenant's Outlook; without a viewer it is a plain one. */
export function outlookPage(title: string, viewer: Viewer | null, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(css)}</style>
</head>
<body>
<div class="note" role="note">Local tenant &ndash; rehearsal. This is not Microsoft; nothing leaves this computer.</div>
${viewer === null ? null : bar(viewer)}
<main>${content}</main>
</body>
</html>`
}

/** The hidden field that proves a form came from our own page. */
export function csrfField({ csrfToken }: Viewer): Html {
  return html`<input type="hidden" name="csrf" value="${csrfToken}">`
}

function bar(viewer: Viewer): Html {
  return html`<header class="bar">
<span class="product"><a href="/outlook">Calendar</a> <span class="quiet">${viewer.tenant.directory.displayName}</span></span>
<span class="who">${viewer.user.displayName} <span class="quiet">${viewer.user.userPrincipalName}</span></span>
<a href="/outlook/accounts">Switch account</a>
<form method="post" action="/outlook/sign-out">${csrfField(viewer)}<button class="link" type="submit">Sign out</button></form>
</header>`
}
