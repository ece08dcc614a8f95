import type { Credential } from '#connections/credential.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { DataTable } from '../design/data-table.tsx'
import { TextLink } from '../design/links.tsx'
import { RelatedTabs } from '../design/related-tabs.tsx'
import { EmptyState } from '../design/states.tsx'
import { activeColumn } from './shared-columns.tsx'

type Use = Credential['usedBy'][number]

const columns: readonly Column<Use>[] = [
  { key: 'connection', title: 'Connection', text: ({ name }) => name },
  {
    key: 'alias',
    title: 'Connection alias',
    text: ({ alias }) => alias.name,
    cell: ({ alias }) => (
      <TextLink to="/console/aliases/$id" params={{ id: alias.id }}>
        {alias.name}
      </TextLink>
    ),
  },
  activeColumn,
]

/** Which connections use this credential, and for which aliases. */
export function CredentialUse({ credential }: { credential: Credential }) {
  const { usedBy, name } = credential
  return (
    <RelatedTabs
      label="Related lists"
      tabs={[
        {
          key: 'used-by',
          title: 'Used by',
          count: usedBy.length,
          content:
            usedBy.length === 0 ? (
              <EmptyState title="Nothing uses it yet" text="Choose it in the Credential field of a connection." />
            ) : (
              <DataTable
                caption={`Connections that use ${name}`}
                columns={columns}
                rows={usedBy}
                idOf={({ id }) => id}
                hrefOf={({ id }) => `/console/connections/${id}`}
              />
            ),
        },
      ]}
    />
  )
}
