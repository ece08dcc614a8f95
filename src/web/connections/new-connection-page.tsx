import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { readAlias } from '#connections/alias.contract.ts'
import { type Connection, createConnection, readConnection } from '#connections/connection.contract.ts'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useApplicationScope } from '../shell/application-scope.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { bodyOf, ConnectionFields, type ConnectionValues } from './connection-fields.tsx'

const nothing: ConnectionValues = {
  name: '',
  aliasId: '',
  credentialId: null,
  active: true,
  connectionUrl: null,
  useUrlBuilder: false,
  protocol: null,
  host: null,
  port: null,
  basePath: null,
  timeoutMs: null,
  order: 100,
  attributes: {},
}

/** A connection that is not made yet; `?alias=` says for which alias. */
export function NewConnectionPage() {
  const { alias: aliasId } = useSearch({ from: '/signed-in/console/connections/$id' })
  const alias = useQuery({ ...asking(readAlias, { params: { id: aliasId ?? '' } }), enabled: aliasId !== undefined })
  if (aliasId !== undefined && alias.data === undefined && !alias.error) return null
  return <NewConnectionForm alias={alias.data ?? null} />
}

function NewConnectionForm({ alias }: { alias: { id: string; name: string } | null }) {
  const { current: scope } = useApplicationScope()
  const mayMake = useHasRole('connection_admin')
  const navigate = useNavigate()
  const form = useRecordForm<ConnectionValues, Connection>({
    initial: { ...nothing, aliasId: alias?.id ?? '' },
    version: null,
    shape: createConnection.body,
    save: ({ values }) =>
      call(createConnection, {
        body: {
          ...bodyOf(values),
          name: values.name,
          aliasId: values.aliasId,
          ...(scope ? { applicationScopeId: scope.id } : {}),
        },
      }),
    onSaved: (made) => {
      adoptAnswer(readConnection, { id: made.id }, made)
      saySaved('Created', `${made.name} belongs to ${made.alias.name}.`)
      void navigate({ to: '/console/connections/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New connection"
      kind={`HTTP(S) Connection · ${scope?.name ?? ''}`}
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role connection_admin'}
      fields={
        <ConnectionFields
          form={form}
          readOnly={!mayMake}
          chosen={{ alias: alias && { value: alias.id, label: alias.name }, credential: null }}
          attributes={[]}
          inherited={{
            connectionUrl: { value: null, source: 'none', from: null },
            timeoutMs: { value: null, source: 'none', from: null },
            hasParent: false,
          }}
        />
      }
    />
  )
}
