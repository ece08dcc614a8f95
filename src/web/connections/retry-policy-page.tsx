import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import {
  createRetryPolicy,
  deleteRetryPolicy,
  type RetryPolicyRecord,
  readRetryPolicy,
  updateRetryPolicy,
} from '#connections/retry-policy.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { TextLink } from '../design/links.tsx'
import { Panel } from '../design/panel.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { adoptAnswer, forgetRecord } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { useRecordForm } from '../shell/record-form.ts'
import { RecordFrame } from '../shell/record-frame.tsx'
import { RecordGate } from '../shell/record-gate.tsx'
import { saySaved } from '../shell/saved.ts'
import { RetryPolicyFields, type RetryPolicyValues } from './retry-policy-fields.tsx'

/** One retry policy. */
export function RetryPolicyPage() {
  const { id } = useParams({ from: '/signed-in/console/retry-policies/$id' })
  return id === 'new' ? <NewRetryPolicy /> : <KnownRetryPolicy id={id} />
}

function KnownRetryPolicy({ id }: { id: string }) {
  const answer = useQuery(asking(readRetryPolicy, { params: { id } }))
  return (
    <RecordGate answer={answer} what="retry policy">
      {(policy) => <RetryPolicyForm key={policy.id} policy={policy} reload={answer.refetch} />}
    </RecordGate>
  )
}

const nothing: RetryPolicyValues = {
  name: '',
  strategy: 'retry_after',
  attemptsMax: 4,
  firstWaitMs: 1000,
  waitMaxMs: 60_000,
  totalMs: 120_000,
  conditions: {
    statuses: [429, 503, 504],
    headers: [],
    bodyContains: [],
    errors: ['no_answer', 'unreachable'],
    methods: null,
  },
  isDefault: false,
  description: '',
}

function NewRetryPolicy() {
  const mayMake = useHasRole('connection_admin')
  const navigate = useNavigate()
  const form = useRecordForm<RetryPolicyValues, RetryPolicyRecord>({
    initial: nothing,
    version: null,
    shape: createRetryPolicy.body,
    save: ({ values }) => call(createRetryPolicy, { body: values }),
    onSaved: (made) => {
      adoptAnswer(readRetryPolicy, { id: made.id }, made)
      saySaved('Created', `Aliases can now follow ${made.name}.`)
      void navigate({ to: '/console/retry-policies/$id', params: { id: made.id }, replace: true })
    },
  })
  return (
    <RecordFrame
      name="New retry policy"
      kind="Retry policy"
      form={form}
      isNew
      readOnlyBecause={mayMake ? null : 'Creating one needs the role connection_admin'}
      fields={<RetryPolicyFields form={form} readOnly={!mayMake} />}
    />
  )
}

function RetryPolicyForm({ policy, reload }: { policy: RetryPolicyRecord; reload: () => Promise<unknown> }) {
  const { id, name, aliases } = policy
  const mayChange = useHasRole('connection_admin')
  const navigate = useNavigate()
  const form = useRecordForm<RetryPolicyValues, RetryPolicyRecord>({
    initial: valuesOf(policy),
    version: policy.version,
    shape: updateRetryPolicy.body,
    save: ({ changed, version }) =>
      call(updateRetryPolicy, { params: { id }, body: { ...changed, version: version ?? policy.version } }),
    onSaved: (saved) => {
      adoptAnswer(readRetryPolicy, { id }, saved)
      saySaved('Updated', 'Calls that start from now on follow it.')
    },
    reload,
  })
  return (
    <RecordFrame
      name={name}
      kind="Retry policy"
      status={policy.isDefault ? <StatusBadge meaning="good" word="Default" /> : null}
      form={form}
      isNew={false}
      readOnlyBecause={mayChange ? null : 'Changing it needs the role connection_admin'}
      deletion={{
        consequence: 'Aliases that name it must be given another one first.',
        run: () => call(deleteRetryPolicy, { params: { id } }),
        onDone: () => {
          saySaved('Deleted', `${name} is gone.`)
          void navigate({ to: '/console/retry-policies' }).then(() => forgetRecord(readRetryPolicy, { id }))
        },
      }}
      fields={<RetryPolicyFields form={form} readOnly={!mayChange} />}
    >
      {aliases.length === 0 ? null : (
        <Panel title="Named by">
          <KeyValue
            items={aliases.map((alias) => ({
              label: alias.name,
              value: (
                <TextLink to="/console/aliases/$id" params={{ id: alias.id }}>
                  {alias.aliasId}
                </TextLink>
              ),
            }))}
          />
        </Panel>
      )}
    </RecordFrame>
  )
}

function valuesOf(policy: RetryPolicyRecord): RetryPolicyValues {
  const { name, strategy, attemptsMax, firstWaitMs, waitMaxMs, totalMs, conditions, isDefault, description } = policy
  return { name, strategy, attemptsMax, firstWaitMs, waitMaxMs, totalMs, conditions, isDefault, description }
}
