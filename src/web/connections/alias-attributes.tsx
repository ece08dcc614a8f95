import { ActionIcon, Button, Group, Modal, Stack } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Alias, readAlias } from '#connections/alias.contract.ts'
import { type Attribute, createAttribute, deleteAttribute, updateAttribute } from '#connections/attribute.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { ChoiceField, TextField } from '../design/fields.tsx'
import { EmptyState } from '../design/states.tsx'
import { call } from '../shell/api.ts'
import { FormProblem } from '../shell/form-problem.tsx'
import { asking, queryClient } from '../shell/queries.ts'
import { type RecordForm, useRecordForm } from '../shell/record-form.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { sayValue } from './attribute-fields.tsx'
import { attributeTypeWords, optionsOf } from './words.ts'

const columns: readonly Column<Attribute>[] = [
  { key: 'label', title: 'Label', text: ({ label }) => label },
  { key: 'name', title: 'Name', text: ({ name }) => name, cell: ({ name }) => <code>{name}</code> },
  { key: 'type', title: 'Type', text: ({ type }) => attributeTypeWords[type] },
  { key: 'default', title: 'Default', text: ({ defaultValue }) => sayValue(defaultValue) },
  { key: 'from', title: 'Defined by', text: ({ inheritedFrom }) => inheritedFrom ?? 'this alias' },
]

/** What connections of this alias, and of its child aliases, say besides their address. */
export function AliasAttributes({ alias, mayChange }: { alias: Alias; mayChange: boolean }) {
  const change: Column<Attribute> = {
    key: 'change',
    title: 'Change',
    text: () => '',
    cell: (attribute) =>
      attribute.inheritedFrom === null ? (
        <Group gap={4} wrap="nowrap">
          <ChangeAttribute alias={alias} attribute={attribute} />
          <RemoveAttribute alias={alias} attribute={attribute} />
        </Group>
      ) : null,
  }
  if (alias.attributes.length === 0) {
    return (
      <EmptyState
        title="No attributes yet"
        text="An attribute is what a connection says besides its address, such as a region. It is no place for secrets."
      />
    )
  }
  return (
    <DataTable
      caption={`Attributes of ${alias.name}`}
      columns={mayChange ? [...columns, change] : columns}
      rows={alias.attributes}
      idOf={({ id }) => id}
    />
  )
}

const again = (alias: Alias) => queryClient.invalidateQueries(asking(readAlias, { params: { id: alias.id } }))

function RemoveAttribute({ alias, attribute }: { alias: Alias; attribute: Attribute }) {
  const remove = useMutation({
    mutationFn: () => call(deleteAttribute, { params: { id: alias.id, attributeId: attribute.id } }),
    onSuccess: () => {
      saySaved('Removed', `${attribute.label} is gone.`)
      return again(alias)
    },
    onError: (error) => sayNotDone('The attribute was not removed', error),
  })
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      loading={remove.isPending}
      aria-label={`Remove ${attribute.label}`}
      onClick={() => remove.mutate()}
    >
      <IconTrash size={16} aria-hidden="true" />
    </ActionIcon>
  )
}

export function NewAttributeButton({ alias }: { alias: Alias }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => setOpen(true)}
      >
        New attribute
      </Button>
      <AttributeDialog alias={alias} attribute={null} opened={open} onClose={() => setOpen(false)} />
    </>
  )
}

function ChangeAttribute({ alias, attribute }: { alias: Alias; attribute: Attribute }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={`Change ${attribute.label}`} onClick={() => setOpen(true)}>
        <IconPencil size={16} aria-hidden="true" />
      </ActionIcon>
      <AttributeDialog alias={alias} attribute={attribute} opened={open} onClose={() => setOpen(false)} />
    </>
  )
}

type AttributeDialogProps = { alias: Alias; attribute: Attribute | null; opened: boolean; onClose: () => void }

function AttributeDialog({ alias, attribute, opened, onClose }: AttributeDialogProps) {
  const title = attribute === null ? 'New attribute' : `Change ${attribute.label}`
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <AttributeForm alias={alias} attribute={attribute} onDone={onClose} />
    </Modal>
  )
}

type AttributeValues = { label: string; name: string; type: Attribute['type']; description: string }

const nothing: AttributeValues = { label: '', name: '', type: 'string', description: '' }

function AttributeForm({
  alias,
  attribute,
  onDone,
}: Omit<AttributeDialogProps, 'opened' | 'onClose'> & { onDone: () => void }) {
  const form = useRecordForm<AttributeValues, Attribute>({
    initial: attribute === null ? nothing : valuesOf(attribute),
    version: attribute?.version ?? null,
    shape: attribute === null ? createAttribute.body : updateAttribute.body,
    save: ({ changed, values, version }) =>
      attribute === null
        ? call(createAttribute, { params: { id: alias.id }, body: values })
        : call(updateAttribute, {
            params: { id: alias.id, attributeId: attribute.id },
            body: { ...changed, version: version ?? attribute.version },
          }),
    onSaved: (saved) => {
      saySaved(attribute === null ? 'Created' : 'Updated', `Connections of ${alias.name} can say their ${saved.label}.`)
      void again(alias)
      onDone()
    },
    reload: () => again(alias),
  })
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void form.submit()
      }}
    >
      <Stack gap="md">
        <FormProblem form={form} />
        <AttributeInputs form={form} known={attribute !== null} />
        <Group justify="flex-end">
          <Button type="submit" loading={form.saving}>
            {attribute === null ? 'Submit' : 'Update'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function AttributeInputs({ form, known }: { form: RecordForm<AttributeValues>; known: boolean }) {
  const type = form.field('type')
  return (
    <>
      <TextField label="Label" required {...form.field('label')} />
      <TextField
        label="Name"
        hint={known ? 'Values follow a new name; programs that read the old one do not.' : 'What programs read it by.'}
        required
        mono
        {...form.field('name')}
      />
      <ChoiceField
        label="Type"
        hint={
          known ? 'Values are converted. If one cannot be, nothing changes, and its connection is named.' : undefined
        }
        {...type}
        onChange={(value) => type.onChange(value === 'number' || value === 'boolean' ? value : 'string')}
        options={optionsOf(attributeTypeWords)}
      />
      <TextField label="Description" {...form.field('description')} />
    </>
  )
}

function valuesOf({ label, name, type, description }: Attribute): AttributeValues {
  return { label, name, type, description }
}
