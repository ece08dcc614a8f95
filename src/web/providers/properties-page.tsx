import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { listProperties, type Property, setProperty } from '#providers/property.contract.ts'
import { FieldGrid } from '../design/fields.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { ApiProblem, call } from '../shell/api.ts'
import { FormGuards } from '../shell/form-guards.tsx'
import { FormProblem } from '../shell/form-problem.tsx'
import { asking, queryClient, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { saySaved } from '../shell/saved.ts'
import { PropertyField, type PropertyValues } from './property-field.tsx'

/** All > Workplace Calendar Synchronization > Properties */
export function PropertiesPage() {
  const answer = useQuery(asking(listProperties))
  return (
    <RecordGate answer={answer} what="list of properties">
      {({ properties }) => <PropertiesForm properties={properties} reload={answer.refetch} />}
    </RecordGate>
  )
}

type PropertiesFormProps = { properties: readonly Property[]; reload: () => Promise<unknown> }

function PropertiesForm({ properties, reload }: PropertiesFormProps) {
  const formId = useId()
  const mayChange = useHasRole('rsvsync_admin')
  const form = useRecordForm<PropertyValues, number>({
    initial: Object.fromEntries(properties.map(({ name, value }) => [name, value])),
    // Grows with every change of any of them, so that another's change shows.
    version: properties.reduce((sum, { version }) => sum + version, 0),
    shape: undefined,
    save: ({ changed }) => saveAll(properties, changed),
    onSaved: (count) => {
      void queryClient.invalidateQueries({ queryKey: asking(listProperties).queryKey })
      refreshFeature('providers')
      saySaved('Updated', count === 1 ? 'The property is saved.' : `${count} properties are saved.`)
    },
    reload,
  })
  return (
    <Page title="Properties">
      <PageHeader
        title="Properties"
        subtitle={
          mayChange
            ? 'How calendar synchronization works in the whole installation.'
            : 'How calendar synchronization works. Changing it needs the role rsvsync_admin.'
        }
        actions={
          mayChange ? (
            <Button type="submit" form={formId} loading={form.saving}>
              Update
            </Button>
          ) : undefined
        }
      />
      <FormProblem form={form} />
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void form.submit()
        }}
      >
        <Panel>
          <FieldGrid>
            {properties.map((property) => (
              <PropertyField key={property.name} property={property} form={form} readOnly={!mayChange} />
            ))}
          </FieldGrid>
        </Panel>
      </form>
      <FormGuards form={form} what="the properties" />
    </Page>
  )
}

/** One after the other: what is refused keeps its message beside its field, and what went before it stays saved. */
async function saveAll(properties: readonly Property[], changed: Partial<PropertyValues>): Promise<number> {
  const touched = properties.filter(({ name }) => name in changed)
  for (const { name, shipped, version } of touched) {
    const value = changed[name] ?? shipped
    const body = { value: value === shipped ? null : value, version }
    await call(setProperty, { params: { name }, body }).catch((problem: unknown) => {
      throw problem instanceof ApiProblem ? besideField(problem, name) : problem
    })
  }
  return touched.length
}

/** The server speaks of `value`; this form has one for each property. */
function besideField(problem: ApiProblem, name: string): ApiProblem {
  const { value, ...others } = problem.fields
  const fields = value === undefined ? others : { ...others, [name]: value }
  const { code, detail, status, facts } = problem
  return new ApiProblem({ code, detail, status, facts, fields }, problem)
}
