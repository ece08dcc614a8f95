import type { EntityProfile, OAuthApp } from '#connections/oauth-app.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { DataTable } from '../design/data-table.tsx'
import { RelatedTabs } from '../design/related-tabs.tsx'
import { EmptyState } from '../design/states.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { CertificateActions, ClientCertificates } from './client-certificates.tsx'
import { AddClientSecretButton, ClientSecrets } from './client-secrets.tsx'
import { EntityScopes } from './entity-scopes.tsx'
import { NewProfileButton } from './new-profile-button.tsx'
import { updatedColumn } from './shared-columns.tsx'
import { grantTypeWords } from './words.ts'

const profileColumns: readonly Column<EntityProfile>[] = [
  { key: 'name', title: 'Name', text: ({ name }) => name },
  { key: 'grantType', title: 'Grant type', text: ({ grantType }) => grantTypeWords[grantType] },
  { key: 'scopes', title: 'Scopes', text: ({ scopes }) => scopes.map(({ scope }) => scope).join(' ') },
  {
    key: 'isDefault',
    title: 'Default',
    text: ({ isDefault }) => (isDefault ? 'Default' : ''),
    cell: ({ isDefault }) => (isDefault ? <StatusBadge meaning="good" word="Default" variant="plain" /> : '—'),
  },
  updatedColumn,
]

/** The registry record's related lists: profiles and scopes, and what the app proves itself with. */
export function OAuthAppRelated({ app, mayChange }: { app: OAuthApp; mayChange: boolean }) {
  return (
    <RelatedTabs
      label="Related lists"
      tabs={[
        {
          key: 'profiles',
          title: 'OAuth Entity Profiles',
          count: app.profiles.length,
          actions: mayChange ? <NewProfileButton app={app} /> : null,
          content:
            app.profiles.length === 0 ? (
              <EmptyState
                title="No entity profile yet"
                text="Update generates a default one. A credential needs one to get a token."
              />
            ) : (
              <DataTable
                caption="OAuth Entity Profiles"
                columns={profileColumns}
                rows={app.profiles}
                idOf={({ id }) => id}
                hrefOf={({ id }) => `/console/entity-profiles/${id}`}
              />
            ),
        },
        {
          key: 'scopes',
          title: 'OAuth Entity Scopes',
          count: app.scopes.length,
          content: <EntityScopes app={app} mayChange={mayChange} />,
        },
        {
          key: 'secrets',
          title: 'Client Secrets',
          count: app.clientSecrets.length,
          actions: mayChange && app.clientSecrets.length > 0 ? <AddClientSecretButton app={app} /> : null,
          content: <ClientSecrets app={app} mayChange={mayChange} />,
        },
        {
          key: 'certificates',
          title: 'Certificates',
          count: app.certificates.length,
          actions: mayChange && app.certificates.length > 0 ? <CertificateActions app={app} /> : null,
          content: <ClientCertificates app={app} mayChange={mayChange} />,
        },
      ]}
    />
  )
}
