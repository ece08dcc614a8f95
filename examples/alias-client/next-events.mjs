// A program that reads somebody's calendar and holds no secret of Microsoft's: it names an alias, and Anteroom makes the call.
const { ANTEROOM_URL, ANTEROOM_TOKEN } = process.env
const alias = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'

const answer = await fetch(`${ANTEROOM_URL}/api/connections/aliases/${alias}/proxy/v1.0/me/events?$select=subject,start&$top=5`, {
  headers: { authorization: `Bearer ${ANTEROOM_TOKEN}`, 'x-anteroom-purpose': 'Example: next events' },
})
const body = await answer.json()
if (!answer.ok) throw new Error(body.detail ?? `${answer.headers.get('x-anteroom-answered-by')} answered ${answer.status}`)
for (const { subject, start } of body.value) console.log(`${start.dateTime}  ${subject}`)
