import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { readAlias } from '#connections/alias.contract.ts'
import {
  type Connection,
  deleteConnection,
  readConnection,
  updateConnection,
} from '#connections/connection.contract.ts'
import { Banner } from '../design/banner.tsx'
import type { Effective } from '../design/inherited-field.tsx'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { ActiveBadge } from './active-badge.tsx'
import { bodyOf, ConnectionFields, type ConnectionValues, valuesOf } from './connection-fields.tsx'
import { ConnectionUse } from './connection-use.tsx'

type ConnectionFormProps = { connection: Connection; reload: () => Promise<unknown> }

export function ConnectionForm({ connection, reload }: ConnectionFormProps) {
  const { id, name, alias, credential, applicationScope } = connection
  const mayChange = useHasRole('connection_admin')
  const inherited = useInherited(connection)
  const navigate = useNavigate()
  const form = useRecordForm<ConnectionValues, Connection>({
    initial: valuesOf(connection),
    version: connection.version,
    shape: updateConnection.body,
    save: ({ changed, version }) =>
      call(updateConnection, { params: { id }, body: { ...bodyOf(changed), version: version ?? connection.version } }),
    onSaved: (saved) => {
      adoptAnswer(readConnection, { id }, saved)
      saySaved('Updated', `${saved.name} now leads to ${saved.connectionUrl.value ?? 'no address yet'}.`)
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`HTTP(S) Connection · ${applicationScope.name}`}
      status={<ActiveBadge active={connection.active} />}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role connection_admin'}
      deletion={{
        consequence: 'The alias will no longer lead anywhere through it. The credential and its token stay.',
        run: () => call(deleteConnection, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone.`)
          void navigate({ to: '/console/connections' }).then(() => forgetRecord(readConnection, { id }))
        },
      }}
      above={<DestinationWarning before={connection.connectionUrl.value} after={form.values.connectionUrl} />}
      fields={
        <ConnectionFields
          form={form}
          readOnly={!mayChange}
          chosen={{
            alias: { value: alias.id, label: alias.name },
            credential: credential && { value: credential.id, label: credential.name },
          }}
          attributes={connection.attributes}
          inherited={{ ...inherited, hasParent: connection.inheritsFrom !== null }}
        />
      }
    >
      <ConnectionUse connection={connection} />
    </RecordFrame>
  )
}

/** Inherited values with the name people know their source by: the parent alias, then its connection. */
function useInherited({ alias, inheritsFrom, connectionUrl, timeoutMs }: Connection) {
  const parent = useQuery(asking(readAlias, { params: { id: alias.id } })).data?.parent ?? null
  const named = <T,>(effective: Effective<T>): Effective<T> => {
    if (parent === null || effective.from === null || effective.from !== inheritsFrom?.name) return effective
    return { ...effective, from: `${parent.name} (${effective.from})` }
  }
  return { connectionUrl: named(connectionUrl), timeoutMs: named(timeoutMs) }
}

/** Tokens are sealed for one destination; a new one makes them useless, which should be known before Update. */
function DestinationWarning({ before, after }: { before: string | null; after: string | null }) {
  if (before === null || after === null || before === after) return null
  return (
    <Banner meaning="attention" title="Tokens belong to the old address">
      A token that was obtained for {before} is not sent anywhere else. After this change, press Get OAuth Token again
      on the credential.
    </Banner>
  )
}
