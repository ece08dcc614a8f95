import { ActionIcon, Button, Group, Modal, Stack } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Alias, readAlias } from '#connections/alias.contract.ts'
import { type Attribute, createAttribute, deleteAttribute } from '#connections/attribute.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { ChoiceField, TextField } from '../design/fields.tsx'
import { EmptyState } from '../design/states.tsx'
import { call } from '../shell/api.ts'
import { FormProblem } from '../shell/form-problem.tsx'
import { asking, queryClient } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
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
  const remove: Column<Attribute> = {
    key: 'remove',
    title: 'Remove',
    text: () => '',
    cell: (attribute) =>
      attribute.inheritedFrom === null ? <RemoveAttribute alias={alias} attribute={attribute} /> : null,
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
      columns={mayChange ? [...columns, remove] : columns}
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
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title="New attribute"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <NewAttributeForm alias={alias} onDone={() => setOpen(false)} />
      </Modal>
    </>
  )
}

type NewAttribute = { label: string; name: string; type: Attribute['type'] }

function NewAttributeForm({ alias, onDone }: { alias: Alias; onDone: () => void }) {
  const form = useRecordForm<NewAttribute, Attribute>({
    initial: { label: '', name: '', type: 'string' },
    version: null,
    shape: createAttribute.body,
    save: ({ values }) => call(createAttribute, { params: { id: alias.id }, body: values }),
    onSaved: (made) => {
      saySaved('Created', `Connections of ${alias.name} can now say their ${made.label}.`)
      void again(alias)
      onDone()
    },
  })
  const type = form.field('type')
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
        <TextField label="Label" required {...form.field('label')} />
        <TextField label="Name" hint="What programs read it by." required mono {...form.field('name')} />
        <ChoiceField
          label="Type"
          {...type}
          onChange={(value) => type.onChange(value === 'number' || value === 'boolean' ? value : 'string')}
          options={optionsOf(attributeTypeWords)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={form.saving}>
            Submit
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
