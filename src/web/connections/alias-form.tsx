import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Alias, deleteAlias, readAlias, resolveAlias, updateAlias } from '#connections/alias.contract.ts'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { saySaved } from '../shell/saved.ts'
import { AliasFields, type AliasValues, valuesOf } from './alias-fields.tsx'
import { AliasRelated } from './alias-related.tsx'
import { ResolutionPanel } from './resolution-panel.tsx'

export function AliasForm({ alias, reload }: { alias: Alias; reload: () => Promise<unknown> }) {
  const { id, name, parent, applicationScope } = alias
  const mayChange = useHasRole('connection_admin')
  const navigate = useNavigate()
  const resolution = useQuery(asking(resolveAlias, { params: { id } }))
  const form = useRecordForm<AliasValues, Alias>({
    initial: valuesOf(alias),
    version: alias.version,
    shape: updateAlias.body,
    save: ({ changed, version }) =>
      call(updateAlias, { params: { id }, body: { ...changed, version: version ?? alias.version } }),
    onSaved: (saved) => {
      adoptAnswer(readAlias, { id }, saved)
      saySaved('Updated', `${saved.aliasId} is saved.`)
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind={`Connection & Credential Alias${parent === null ? '' : ` · child of ${parent.name}`}`}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role connection_admin'}
      deletion={{
        consequence: 'Integrations that ask for this alias will find nothing.',
        run: () => call(deleteAlias, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone.`)
          void navigate({ to: '/console/aliases' }).then(() => forgetRecord(readAlias, { id }))
        },
      }}
      fields={
        <AliasFields
          form={form}
          aliasId={alias.aliasId}
          application={applicationScope.name}
          parent={parent && { value: parent.id, label: parent.name }}
          inherited={alias}
          readOnly={!mayChange}
        />
      }
    >
      <AliasRelated alias={alias} mayChange={mayChange} />
      <ResolutionPanel answer={resolution} />
    </RecordFrame>
  )
}
