import { Button } from '@mantine/core'
import { useState } from 'react'
import { Banner } from '../design/banner.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { type ApiProblem, asProblem } from './api-problem.ts'

export type Deletion = {
  /** What goes with it, and what does not. */
  consequence: string
  run: () => Promise<unknown>
  onDone: () => void
}

/** Delete, asked once. A refusal (something still uses it) is shown where the question was. */
export function DeleteButton({ deletion, name }: { deletion: Deletion; name: string }) {
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const remove = async () => {
    setBusy(true)
    try {
      await deletion.run()
      setAsking(false)
      deletion.onDone()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        onClick={() => {
          setProblem(null)
          setAsking(true)
        }}
      >
        Delete
      </Button>
      <ConfirmDialog
        opened={asking}
        title={`Delete ${name}?`}
        confirm="Delete"
        danger
        busy={busy}
        onConfirm={() => void remove()}
        onCancel={() => setAsking(false)}
      >
        {problem === null ? deletion.consequence : <Banner meaning="refused">{problem.detail}</Banner>}
      </ConfirmDialog>
    </>
  )
}
