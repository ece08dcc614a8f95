import type { Alias } from '#connections/alias.contract.ts'
import { AreaField, ChoiceField, ReadOnlyField, SwitchField, TextField, WholeRow } from '../design/fields.tsx'
import { type Effective, InheritedField } from '../design/inherited-field.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { type Option, RecordPicker } from '../shell/record-picker.tsx'
import { useAliasOptions, useCredentialOptions, useRetryPolicyOptions } from './pickers.ts'
import { aliasTypeWords, optionsOf } from './words.ts'

export type AliasValues = {
  name: string
  type: 'credential' | 'connection_and_credential'
  parentId: string | null
  credentialId: string | null
  connectionType: 'http' | null
  supportsMultipleActiveConnections: boolean | null
  retryPolicyId: string | null
  description: string
}

export function valuesOf(alias: Alias): AliasValues {
  const { name, type, parent, connectionType, supportsMultipleActiveConnections: multiple } = alias
  const { retryPolicy, description } = alias
  return {
    name,
    type,
    description,
    retryPolicyId: retryPolicy.source === 'own' ? (retryPolicy.value?.id ?? null) : null,
    parentId: parent?.id ?? null,
    credentialId: alias.credential?.id ?? null,
    connectionType: connectionType.source === 'own' ? connectionType.value : null,
    supportsMultipleActiveConnections: multiple.source === 'own' ? multiple.value : null,
  }
}

type AliasFieldsProps = {
  form: RecordForm<AliasValues>
  aliasId: string
  application: string
  parent: Option | null
  /** What an alias of type Credential leads to. */
  credential: Option | null
  inherited: {
    connectionType: Effective<string>
    supportsMultipleActiveConnections: Effective<boolean>
    retryPolicy: Alias['retryPolicy']
  }
  readOnly: boolean
}

/** The fields of the alias form. What a child leaves empty it takes from its parent, and the form says so. */
export function AliasFields(props: AliasFieldsProps) {
  const { form, aliasId, application, parent, credential, inherited, readOnly } = props
  const { field, values } = form
  const type = field('type')
  return (
    <>
      <TextField label="Name" required mono {...field('name')} readOnly={readOnly} />
      <ReadOnlyField label="Alias ID" hint="What integrations ask for">
        <code>{aliasId}</code>
      </ReadOnlyField>
      <ChoiceField
        label="Type"
        {...type}
        onChange={(value) => {
          type.onChange(value === 'credential' ? 'credential' : 'connection_and_credential')
          // What an alias of the other type names is chosen on its connection.
          if (value !== 'credential') form.set('credentialId', null)
        }}
        options={optionsOf(aliasTypeWords)}
        readOnly={readOnly}
      />
      <ReadOnlyField label="Application">{application}</ReadOnlyField>
      <RecordPicker
        label="Parent alias"
        field={field('parentId')}
        current={parent}
        useOptions={useAliasOptions}
        none="No parent"
        readOnly={readOnly}
      />
      {values.type === 'credential' ? (
        <RecordPicker
          label="Credential"
          field={field('credentialId')}
          current={credential}
          useOptions={useCredentialOptions}
          none="Choose a credential"
          hint="What this alias leads to. It has no connections: the credential says itself where it goes."
          readOnly={readOnly}
        />
      ) : (
        <ConnectionFieldsOfAlias form={form} inherited={inherited} readOnly={readOnly} />
      )}
      <RetryPolicyPicker form={form} effective={inherited.retryPolicy} readOnly={readOnly} />
      <WholeRow>
        <AreaField label="Description" {...field('description')} readOnly={readOnly} />
      </WholeRow>
    </>
  )
}

/** What only an alias with connections has. */
function ConnectionFieldsOfAlias({
  form,
  inherited,
  readOnly,
}: Pick<AliasFieldsProps, 'form' | 'inherited' | 'readOnly'>) {
  const { field, values, set } = form
  const connectionType = field('connectionType')
  const multiple = field('supportsMultipleActiveConnections')
  return (
    <>
      <InheritedField
        label="Connection type"
        effective={inherited.connectionType}
        own={values.connectionType}
        show={(value) => (value === 'http' ? 'HTTP' : value)}
        onOverride={() => set('connectionType', 'http')}
        onInherit={() => set('connectionType', null)}
        readOnly={readOnly}
      >
        <ChoiceField
          label="Connection type"
          {...connectionType}
          onChange={() => connectionType.onChange('http')}
          options={[{ value: 'http', label: 'HTTP' }]}
          readOnly={readOnly}
        />
      </InheritedField>
      <InheritedField
        label="Supports multiple active connections"
        effective={inherited.supportsMultipleActiveConnections}
        own={values.supportsMultipleActiveConnections}
        show={(value) => (value ? 'Yes' : 'No')}
        onOverride={() =>
          set('supportsMultipleActiveConnections', inherited.supportsMultipleActiveConnections.value ?? false)
        }
        onInherit={() => set('supportsMultipleActiveConnections', null)}
        readOnly={readOnly}
      >
        <SwitchField
          label="Supports multiple active connections"
          {...multiple}
          value={multiple.value ?? false}
          readOnly={readOnly}
        />
      </InheritedField>
    </>
  )
}

type RetryPolicyPickerProps = { form: RecordForm<AliasValues>; effective: Alias['retryPolicy']; readOnly: boolean }

function RetryPolicyPicker({ form, effective, readOnly }: RetryPolicyPickerProps) {
  return (
    <RecordPicker
      label="Retry policy"
      field={form.field('retryPolicyId')}
      current={optionOf(effective)}
      useOptions={useRetryPolicyOptions}
      none={sayInherited(effective)}
      hint="When and how often calls through this alias are made again."
      readOnly={readOnly}
    />
  )
}

function optionOf({ value, source }: Alias['retryPolicy']): Option | null {
  return source === 'own' && value !== null ? { value: value.id, label: value.name } : null
}

function sayInherited({ value, source, from }: Alias['retryPolicy']): string {
  if (source === 'own' || value === null) return 'The parent’s, or the default'
  return `${value.name}, from ${from ?? 'the default'}`
}
