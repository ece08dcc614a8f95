import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Alias, deleteAlias, readAlias, resolveAlias, updateAlias } from '#connections/alias.contract.ts'
import { Banner } from '../design/banner.tsx'
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
      above={<RenameWarning alias={alias} name={form.values.name.trim()} />}
      fields={
        <AliasFields
          form={form}
          aliasId={alias.aliasId}
          application={applicationScope.name}
          parent={parent && { value: parent.id, label: parent.name }}
          credential={alias.credential && { value: alias.credential.id, label: alias.credential.name }}
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

/** A new name is a new alias ID. What is attached here follows; what asks by name does not, which should be known before Update. */
function RenameWarning({ alias, name }: { alias: Alias; name: string }) {
  if (name === '' || name === alias.name) return null
  const attached = [...alias.connections, ...alias.children].map((record) => record.name)
  return (
    <Banner meaning="attention" title="Programs ask for it by its name">
      Whatever asks for {alias.aliasId} finds nothing after this change.
      {attached.length === 0 ? '' : ` What is attached to it stays attached: ${attached.join(', ')}.`}
    </Banner>
  )
}
