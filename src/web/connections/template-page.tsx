import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import {
  checkTemplate,
  listTemplates,
  type Template,
  type TemplateValues,
  useTemplate,
} from '#connections/template.contract.ts'
import { ChoiceField, WholeRow } from '../design/fields.tsx'
import { call } from '../shell/api.ts'
import { useApplicationScope } from '../shell/application-scope.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { RecordGate } from '../shell/record-gate.tsx'
import { saySaved } from '../shell/saved.ts'
import { shapeOf, TemplateFields, type TemplateFormValues, valuesFor } from './template-fields.tsx'
import { useSettled } from './use-settled.ts'

/** All > Connections & Credentials > New from template: one form for what otherwise takes four. */
export function TemplatePage() {
  const answer = useQuery(asking(listTemplates, {}))
  return (
    <RecordGate answer={answer} what="list of templates">
      {({ templates }) => <TemplateForm templates={templates} />}
    </RecordGate>
  )
}

type Made = z.output<typeof useTemplate.answer>

function TemplateForm({ templates }: { templates: readonly Template[] }) {
  const [chosen, setChosen] = useState(templates[0])
  const mayMake = useHasRole('connection_admin')
  const navigate = useNavigate()
  const key = chosen?.key ?? ''
  const fields = chosen?.fields ?? []
  const { current: scope } = useApplicationScope()
  const inScope = scope === null ? {} : { applicationScopeId: scope.id }
  const nothing = Object.fromEntries(
    templates.flatMap((template) => template.fields.map(({ name }) => [name, ''] as const)),
  )
  const form = useRecordForm<TemplateFormValues, Made>({
    initial: nothing,
    version: null,
    shape: shapeOf(fields),
    save: ({ values }) =>
      call(useTemplate, { params: { key }, body: { ...(valuesFor(fields, values) as TemplateValues), ...inScope } }),
    onSaved: (made) => {
      const app = made.oauthAppId === null ? '' : ', and OAuth app'
      saySaved('Created', `${made.aliasText}, with its connection and credential${app}.`)
      const next = chosen?.integrationType === 'personal' ? made.oauthAppId : null
      void (next === null
        ? navigate({ to: '/console/credentials/$id', params: { id: made.credentialId } })
        : navigate({ to: '/console/oauth-apps/$id', params: { id: next } }))
    },
  })
  const values = valuesFor(fields, useSettled(form.values))
  const { data } = useQuery({
    queryKey: ['template-check', key, values],
    queryFn: () => call(checkTemplate, { params: { key }, body: { values, ...inScope } }),
    enabled: mayMake && Object.values(values).some((value) => value !== ''),
    // What was typed holds a client secret, which no cache needs to keep.
    gcTime: 0,
    placeholderData: (before) => before,
  })
  return (
    <RecordFrame
      name={chosen?.title ?? 'New from template'}
      kind="A credential, a connection and an alias that fit together, and an OAuth app where it needs one"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role connection_admin'}
      fields={
        <>
          <WholeRow>
            <ChoiceField
              label="Template"
              required
              value={key}
              hint={chosen?.description}
              options={templates.map((template) => ({ value: template.key, label: template.title }))}
              onChange={(value) => setChosen(templates.find((template) => template.key === value))}
              readOnly={!mayMake}
            />
          </WholeRow>
          <TemplateFields form={form} fields={fields} checks={data?.checks ?? {}} readOnly={!mayMake} />
        </>
      }
    />
  )
}
