import { Button } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { FieldGrid } from '../design/fields.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { useRecordCrumb } from './crumb.tsx'
import { DeleteButton, type Deletion } from './delete-button.tsx'
import { FormGuards } from './form-guards.tsx'
import { FormProblem } from './form-problem.tsx'
import type { Fields, RecordForm } from './record-form.ts'

type RecordFrameProps<V extends Fields> = {
  /** What the record is called; "New credential" for one that is not made yet. */
  name: string
  /** What it is: "OAuth 2.0 Credentials · Workplace Calendar Synchronization". */
  kind: ReactNode
  form: RecordForm<V>
  isNew: boolean
  /** Why this person may not change it, or null. */
  readOnlyBecause: string | null
  status?: ReactNode
  actions?: ReactNode
  deletion?: Deletion
  fields: ReactNode
  /** Between heading and fields. */
  above?: ReactNode
  /** Under the fields: what it is used by, and whether it works. */
  children?: ReactNode
}

/** One record's form: heading with Update, the fields, and what belongs to them, with the guards that every form has. */
export function RecordFrame<V extends Fields>(props: RecordFrameProps<V>) {
  const { name, kind, form, isNew, readOnlyBecause } = props
  const formId = useId()
  useRecordCrumb(name)
  return (
    <Page title={name}>
      <PageHeader
        title={name}
        subtitle={
          readOnlyBecause === null ? (
            kind
          ) : (
            <>
              {kind} · {readOnlyBecause}
            </>
          )
        }
        status={props.status}
        actions={
          <>
            {props.deletion && readOnlyBecause === null ? <DeleteButton deletion={props.deletion} name={name} /> : null}
            {props.actions}
            {readOnlyBecause === null ? (
              <Button type="submit" form={formId} loading={form.saving}>
                {isNew ? 'Submit' : 'Update'}
              </Button>
            ) : null}
          </>
        }
      />
      <FormProblem form={form} />
      {props.above}
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit().then((saved) => (saved ? undefined : focusFirstError(formId)))
        }}
      >
        <Panel>
          <FieldGrid>{props.fields}</FieldGrid>
        </Panel>
      </form>
      {props.children}
      <FormGuards form={form} what={isNew ? 'the new record' : name} />
    </Page>
  )
}

/** Takes the eye and the keyboard to the first field that needs attention. */
function focusFirstError(formId: string): void {
  document.getElementById(formId)?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
