import { IconPlus } from '@tabler/icons-react'
import type { Alias } from '#connections/alias.contract.ts'
import { DataTable } from '../design/data-table.tsx'
import { LinkButton } from '../design/links.tsx'
import { RelatedTabs } from '../design/related-tabs.tsx'
import { EmptyState } from '../design/states.tsx'
import { AliasAttributes, NewAttributeButton } from './alias-attributes.tsx'
import { connectionColumns } from './connection-columns.tsx'

const childColumns = [
  { key: 'name', title: 'Name', text: ({ name }: Alias['children'][number]) => name },
  { key: 'aliasId', title: 'Alias ID', text: ({ aliasId }: Alias['children'][number]) => aliasId },
]

/** The alias's related lists: Connections, with the credential of each, Attributes, and Child aliases. */
export function AliasRelated({ alias, mayChange }: { alias: Alias; mayChange: boolean }) {
  const { connections, children, type } = alias
  const leadsToConnections = type === 'connection_and_credential'
  return (
    <RelatedTabs
      label="Related lists"
      tabs={[
        {
          key: 'connections',
          title: 'Connections',
          count: connections.length,
          actions: mayChange && leadsToConnections ? <NewConnection aliasId={alias.id} /> : null,
          content: !leadsToConnections ? (
            <EmptyState
              title="No connections"
              text="This alias leads to a credential, which says itself where it goes."
            />
          ) : connections.length === 0 ? (
            <EmptyState
              title="No connection yet"
              text="Without a connection of its own, this alias leads nowhere. Its address may be inherited; its credential is its own."
              action={mayChange ? <NewConnection aliasId={alias.id} /> : null}
            />
          ) : (
            <DataTable
              caption={`Connections of ${alias.name}`}
              columns={connectionColumns.ofAlias}
              rows={connections}
              idOf={({ id }) => id}
              hrefOf={({ id }) => `/console/connections/${id}`}
            />
          ),
        },
        {
          key: 'attributes',
          title: 'Attributes',
          count: alias.attributes.length,
          actions: mayChange ? <NewAttributeButton alias={alias} /> : null,
          content: <AliasAttributes alias={alias} mayChange={mayChange} />,
        },
        {
          key: 'children',
          title: 'Child aliases',
          count: children.length,
          content:
            children.length === 0 ? (
              <EmptyState
                title="No child aliases"
                text="A child alias inherits from this one what it leaves empty, and has its own connection and credential."
              />
            ) : (
              <DataTable
                caption={`Child aliases of ${alias.name}`}
                columns={childColumns}
                rows={children}
                idOf={({ id }) => id}
                hrefOf={({ id }) => `/console/aliases/${id}`}
              />
            ),
        },
      ]}
    />
  )
}

function NewConnection({ aliasId }: { aliasId: string }) {
  return (
    <LinkButton
      to="/console/connections/$id"
      params={{ id: 'new' }}
      search={{ alias: aliasId }}
      variant="default"
      size="xs"
      leftSection={<IconPlus size={14} aria-hidden="true" />}
    >
      New connection
    </LinkButton>
  )
}
