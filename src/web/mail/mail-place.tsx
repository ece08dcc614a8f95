import type { MailSetup } from '#mail/contract.ts'
import { Banner } from '../design/banner.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { Panel } from '../design/panel.tsx'

/** Where letters go, as the operator set it. */
export function MailPlace({ setup: { place, from, letters } }: { setup: MailSetup }) {
  return (
    <>
      {place.kind === 'folder' ? (
        <Banner meaning="attention" title="No mail server is named">
          Letters are files that nobody receives. Set ANTEROOM_SMTP_URL and ANTEROOM_MAIL_FROM and start again.
        </Banner>
      ) : null}
      <Panel title="Where letters go">
        <KeyValue
          items={[
            {
              label: 'To',
              value: place.kind === 'folder' ? `Files in ${place.folder}` : `${place.host}:${place.port}`,
            },
            { label: 'From', value: `${from.name} <${from.email}>` },
            { label: 'Encryption', value: place.kind === 'smtp' ? tlsWords[place.tls] : null },
            {
              label: 'Signs in as',
              value: place.kind === 'smtp' ? (place.user ?? 'nobody: the server does not ask') : null,
            },
            { label: 'Last 30 days', value: countWords(letters) },
          ]}
        />
      </Panel>
    </>
  )
}

const tlsWords = { always: 'TLS always', if_offered: 'TLS if the server offers it' } as const

function countWords({ sent, waiting, failed }: MailSetup['letters']): string {
  return `${sent} sent, ${waiting} waiting, ${failed} not sent`
}
