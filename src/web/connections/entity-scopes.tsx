import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import {
  addEntityScope,
  type EntityScope,
  type OAuthApp,
  readOAuthApp,
  removeEntityScope,
} from '#connections/oauth-app.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { EmptyState } from '../design/states.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { messagesOf } from '../shell/record-changes.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import styles from './entity-scopes.module.css'

/** OAuth Entity Scopes of an app, with adding and removing in place. */
export function EntityScopes({ app, mayChange }: { app: OAuthApp; mayChange: boolean }) {
  const columns: Column<EntityScope>[] = [
    { key: 'name', title: 'Name', text: ({ name }) => name },
    { key: 'scope', title: 'OAuth scope', text: ({ scope }) => scope, cell: ({ scope }) => <code>{scope}</code> },
  ]
  const remove: Column<EntityScope> = {
    key: 'remove',
    title: 'Remove',
    text: () => '',
    cell: (scope) => <RemoveScope app={app} scope={scope} />,
  }
  return (
    <>
      {app.scopes.length === 0 ? (
        <EmptyState
          title="No scopes yet"
          text="Personal authentication needs Calendars.ReadWrite, Calendars.ReadWrite.Shared and offline_access."
        />
      ) : (
        <DataTable
          caption="OAuth Entity Scopes"
          columns={mayChange ? [...columns, remove] : columns}
          rows={app.scopes}
          idOf={({ id }) => id}
        />
      )}
      {mayChange ? <AddScope app={app} /> : null}
    </>
  )
}

function AddScope({ app }: { app: OAuthApp }) {
  const [scope, setScope] = useState('')
  const [message, setMessage] = useState<string | null>(null)
  const add = useMutation({
    mutationFn: () => call(addEntityScope, { params: { id: app.id }, body: { name: scope.trim(), scope } }),
    onSuccess: (after) => {
      adoptAnswer(readOAuthApp, { id: app.id }, after)
      saySaved('Added', `${scope.trim()} is asked for once a profile includes it.`)
      setScope('')
    },
    onError: (error) => {
      const problem = asProblem(error)
      setMessage(problem.fields.scope ?? problem.detail)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wrong = messagesOf(addEntityScope.body, { name: scope.trim() || 'scope', scope }).scope ?? null
    setMessage(wrong)
    if (wrong === null) add.mutate()
  }
  return (
    <form className={styles.add} onSubmit={submit} noValidate>
      <TextInput
        aria-label="New OAuth scope"
        placeholder="Calendars.ReadWrite"
        size="xs"
        value={scope}
        error={message}
        onChange={(event) => {
          setScope(event.currentTarget.value)
          setMessage(null)
        }}
      />
      <Button type="submit" size="xs" variant="default" loading={add.isPending}>
        Add scope
      </Button>
    </form>
  )
}

function RemoveScope({ app, scope }: { app: OAuthApp; scope: EntityScope }) {
  const remove = useMutation({
    mutationFn: () => call(removeEntityScope, { params: { id: app.id, scopeId: scope.id } }),
    onSuccess: (after) => {
      adoptAnswer(readOAuthApp, { id: app.id }, after)
      saySaved('Removed', `${scope.scope} is no longer asked for. Tokens that have it keep it until they are renewed.`)
    },
    onError: (error) => sayNotDone('The scope was not removed', error),
  })
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      loading={remove.isPending}
      aria-label={`Remove ${scope.scope}`}
      onClick={() => remove.mutate()}
    >
      <IconTrash size={16} aria-hidden="true" />
    </ActionIcon>
  )
}
