import { Button } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { listLetters, readMail, sendLetterAgain, sendTestLetter } from '#mail/contract.ts'
import type { Filter } from '../design/filter-chip.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking } from '../shell/queries.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { letterColumns } from './letter-columns.tsx'
import { MailPlace } from './mail-place.tsx'

const filters: readonly Filter[] = [
  {
    key: 'state',
    label: 'State',
    options: [
      { value: 'waiting', label: 'Waiting' },
      { value: 'sent', label: 'Sent' },
      { value: 'failed', label: 'Not sent' },
    ],
  },
]

/** A letter is on its way for seconds. */
const lookEveryMs = 5_000

/** All > System > Mail: where letters go, and what became of them. */
export function MailPage() {
  const list = useListState(['state'], '-writtenAt')
  const setup = useQuery({ ...asking(readMail), refetchInterval: lookEveryMs })
  const { state } = list.filters
  const query = { q: list.q, page: list.page, ...(state ? { state: state as 'waiting' } : {}) }
  const letters = useQuery({
    ...asking(listLetters, { query }),
    placeholderData: keepPreviousData,
    refetchInterval: lookEveryMs,
  })
  const again = useSendAgain()
  return (
    <Page title="Mail" width="wide">
      <PageHeader
        title="Mail"
        subtitle="Letters that Anteroom writes to people, such as warnings of what expires. One that cannot be sent is tried again for three days, and nothing waits for it."
        actions={<TestLetterButton />}
      />
      {setup.error ? <ErrorState problem={asProblem(setup.error)} onRetry={() => void setup.refetch()} /> : null}
      {setup.data || setup.error ? null : <Loading rows={3} what="where mail goes" />}
      {setup.data ? <MailPlace setup={setup.data} /> : null}
      <RecordList
        what="Letters"
        columns={letterColumns({ busy: again.isPending, sendAgain: again.mutate })}
        filters={filters}
        state={list}
        answer={listAnswer(letters)}
        idOf={({ id }) => id}
        empty={{
          title: 'No letters yet',
          text: 'Administrators are written to 60, 30, 7 and 1 days before something expires. Send yourself a test letter to see that mail arrives.',
        }}
      />
    </Page>
  )
}

function TestLetterButton() {
  const send = useMutation({
    mutationFn: () => call(sendTestLetter),
    onSuccess: ({ to }) => {
      refreshFeature('mail')
      saySaved('Test letter written', `It is on its way to ${to}; the list says when it was handed over.`)
    },
    onError: (error) => sayNotDone('No test letter was written', error),
  })
  return (
    <Button loading={send.isPending} onClick={() => send.mutate()}>
      Send me a test letter
    </Button>
  )
}

function useSendAgain() {
  return useMutation({
    mutationFn: (id: string) => call(sendLetterAgain, { params: { id } }),
    onSuccess: ({ to }) => saySaved('Trying again', `The letter to ${to.email} is tried once more.`),
    onError: (error) => sayNotDone('Not tried again', error),
    onSettled: () => refreshFeature('mail'),
  })
}
