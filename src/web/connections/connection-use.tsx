import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { resolveAlias } from '#connections/alias.contract.ts'
import type { Connection } from '#connections/connection.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { TextLink } from '../design/links.tsx'
import { Panel } from '../design/panel.tsx'
import { asking } from '../shell/queries.ts'
import { ResolutionPanel } from './resolution-panel.tsx'
import { integrationTypeWords } from './words.ts'

/** What a connection is used by, and whether its alias works with it. */
export function ConnectionUse({ connection }: { connection: Connection }) {
  const { alias, credential, inheritsFrom } = connection
  const resolution = useQuery(asking(resolveAlias, { params: { id: alias.id } }))
  return (
    <>
      <Panel title="Used by">
        <KeyValue
          items={[
            {
              label: 'Connection alias',
              value: (
                <TextLink to="/console/aliases/$id" params={{ id: alias.id }}>
                  {alias.name}
                </TextLink>
              ),
            },
            {
              label: 'Inherits from',
              value: inheritsFrom && <Inherits id={inheritsFrom.id} name={inheritsFrom.name} />,
            },
            {
              label: 'Credential',
              value: credential && (
                <Group gap="xs">
                  <TextLink to="/console/credentials/$id" params={{ id: credential.id }}>
                    {credential.name}
                  </TextLink>
                  <Text size="sm" c="dimmed">
                    {integrationTypeWords[credential.integrationType]}
                  </Text>
                </Group>
              ),
            },
          ]}
        />
      </Panel>
      <ResolutionPanel answer={resolution} />
    </>
  )
}

function Inherits({ id, name }: { id: string; name: string }) {
  return (
    <>
      the connection{' '}
      <TextLink to="/console/connections/$id" params={{ id: id }}>
        {name}
      </TextLink>
      , where a field here is empty
    </>
  )
}
