import { Stack } from '@mantine/core'
import type { AttributeOfConnection } from '#connections/attribute.contract.ts'
import type { Connection } from '#connections/connection.contract.ts'
import { ChoiceField, NumberField, SwitchField, TextField } from '../design/fields.tsx'
import { type Effective, InheritedField } from '../design/inherited-field.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { type Option, RecordPicker } from '../shell/record-picker.tsx'
import { AttributeFields, type OwnAttributes, ownAttributesOf } from './attribute-fields.tsx'
import { useAliasOptions, useCredentialOptions } from './pickers.ts'

export type ConnectionValues = {
  name: string
  aliasId: string
  credentialId: string | null
  active: boolean
  connectionUrl: string | null
  useUrlBuilder: boolean
  protocol: 'https' | 'http' | null
  host: string | null
  port: number | null
  basePath: string | null
  timeoutMs: number | null
  order: number | null
  attributes: OwnAttributes
}

export function valuesOf(connection: Connection): ConnectionValues {
  const { name, active, useUrlBuilder, protocol, host, port, basePath, connectionUrl, timeoutMs } = connection
  return {
    name,
    active,
    useUrlBuilder,
    protocol,
    host,
    port,
    basePath,
    order: connection.order,
    attributes: ownAttributesOf(connection.attributes),
    aliasId: connection.alias.id,
    credentialId: connection.credential?.id ?? null,
    connectionUrl: connectionUrl.source === 'own' ? connectionUrl.value : null,
    timeoutMs: timeoutMs.source === 'own' ? timeoutMs.value : null,
  }
}

/** An order that was emptied is the usual one again. */
export function bodyOf({ order, ...changed }: Partial<ConnectionValues>) {
  return order === undefined ? changed : { ...changed, order: order ?? 100 }
}

type ConnectionFieldsProps = {
  form: RecordForm<ConnectionValues>
  /** The names of what is chosen now. */
  chosen: { alias: Option | null; credential: Option | null }
  inherited: {
    connectionUrl: Effective<string | null>
    timeoutMs: Effective<number | null>
    /** Whether a parent alias has a connection, so that an address of its own can be given up again. */
    hasParent: boolean
  }
  /** What the alias lets its connections say; nothing is known before the connection is made. */
  attributes: readonly AttributeOfConnection[]
  readOnly: boolean
}

/** The fields of the HTTP(S) connection form, in the founding page's words. */
export function ConnectionFields({ form, chosen, inherited, attributes, readOnly }: ConnectionFieldsProps) {
  const { field, values, set } = form
  const aliasField = field('aliasId')
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <RecordPicker
        label="Connection alias"
        required
        field={{ ...aliasField, value: aliasField.value || null, onChange: (id) => aliasField.onChange(id ?? '') }}
        current={chosen.alias}
        useOptions={useAliasOptions}
        readOnly={readOnly}
      />
      <RecordPicker
        label="Credential"
        field={field('credentialId')}
        current={chosen.credential}
        useOptions={useCredentialOptions}
        none="No credential"
        readOnly={readOnly}
      />
      {values.useUrlBuilder ? (
        <UrlBuilder form={form} readOnly={readOnly} />
      ) : (
        <ConnectionUrl form={form} inherited={inherited} readOnly={readOnly} />
      )}
      <InheritedField
        label="Connection timeout"
        effective={inherited.timeoutMs}
        own={values.timeoutMs}
        show={(ms) => (ms === null ? '' : `${ms} ms`)}
        onOverride={() => set('timeoutMs', inherited.timeoutMs.value ?? 30_000)}
        onInherit={() => set('timeoutMs', null)}
        readOnly={readOnly}
      >
        <NumberField label="Connection timeout" unit="ms" {...field('timeoutMs')} readOnly={readOnly} />
      </InheritedField>
      <NumberField
        label="Order"
        hint="Of several active connections of an alias, the lowest is used."
        {...field('order')}
        readOnly={readOnly}
      />
      <AttributeFields
        attributes={attributes}
        own={values.attributes}
        onChange={(own) => set('attributes', own)}
        readOnly={readOnly}
      />
      <Stack gap="md">
        <SwitchField label="Use URL builder" {...field('useUrlBuilder')} readOnly={readOnly} />
        <SwitchField label="Active" {...field('active')} readOnly={readOnly} />
      </Stack>
    </>
  )
}

type PartProps = { form: RecordForm<ConnectionValues>; readOnly: boolean }

function ConnectionUrl({ form, inherited, readOnly }: PartProps & Pick<ConnectionFieldsProps, 'inherited'>) {
  const { connectionUrl: effective, hasParent } = inherited
  const field = form.field('connectionUrl')
  const text = (
    <TextField
      label="Connection URL"
      kind="url"
      placeholder="https://graph.microsoft.com"
      {...field}
      value={field.value ?? ''}
      onChange={(url) => field.onChange(url.trim())}
      readOnly={readOnly}
    />
  )
  const mayInherit = effective.source === 'parent' || (effective.source === 'own' && hasParent)
  if (!mayInherit) return text
  return (
    <InheritedField
      label="Connection URL"
      effective={effective}
      own={form.values.connectionUrl}
      show={(url) => url ?? ''}
      onOverride={() => form.set('connectionUrl', effective.value ?? '')}
      onInherit={() => form.set('connectionUrl', null)}
      readOnly={readOnly}
    >
      {text}
    </InheritedField>
  )
}

function UrlBuilder({ form, readOnly }: PartProps) {
  const { field } = form
  const host = field('host')
  const basePath = field('basePath')
  const protocol = field('protocol')
  return (
    <>
      <ChoiceField
        label="Protocol"
        {...protocol}
        onChange={(value) => protocol.onChange(value === 'http' ? 'http' : 'https')}
        options={[
          { value: 'https', label: 'https' },
          { value: 'http', label: 'http' },
        ]}
        readOnly={readOnly}
      />
      <TextField
        label="Host"
        {...host}
        value={host.value ?? ''}
        placeholder="graph.microsoft.com"
        readOnly={readOnly}
      />
      <NumberField label="Port" hint="Empty takes the protocol’s own." {...field('port')} readOnly={readOnly} />
      <TextField label="Base path" {...basePath} value={basePath.value ?? ''} placeholder="/v1.0" readOnly={readOnly} />
    </>
  )
}
