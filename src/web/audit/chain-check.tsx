import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { z } from 'zod'
import { verifyAuditTrail } from '#audit/contract.ts'
import { Banner } from '../design/banner.tsx'
import { CopyText } from '../design/copy-text.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'

type Verification = z.output<typeof verifyAuditTrail.answer>

/** Walks the whole chain when asked, and says where it breaks. */
export function ChainCheck() {
  const check = useMutation({ mutationFn: () => call(verifyAuditTrail) })
  const button = (
    <Button variant="default" size="xs" loading={check.isPending} onClick={() => check.mutate()}>
      Check the chain
    </Button>
  )
  if (check.error) {
    return (
      <Banner meaning="refused" title="The chain was not checked" action={button}>
        {asProblem(check.error).detail}
      </Banner>
    )
  }
  if (check.data === undefined) {
    return (
      <Banner meaning="neutral" action={button}>
        Each entry carries a hash over itself and the entry before it.
      </Banner>
    )
  }
  return check.data.broken === null ? (
    <Unbroken {...check.data} button={button} />
  ) : (
    <Broken {...check.data} broken={check.data.broken} button={button} />
  )
}

function Unbroken({ checked, end, button }: Verification & { button: ReactNode }) {
  return (
    <Banner meaning="good" title={`${checked} entries, unbroken`} action={button}>
      {end === null ? null : (
        <>
          <div>
            Keep this elsewhere: given to <code>anteroom audit verify --includes</code>, it shows later that nothing was
            cut off the end.
          </div>
          <CopyText text={`${end.seq}:${end.hash}`} what="end of the chain" />
        </>
      )}
    </Banner>
  )
}

type BrokenProps = Verification & { broken: NonNullable<Verification['broken']>; button: ReactNode }

function Broken({ broken, checked, button }: BrokenProps) {
  const what = broken.because === 'altered' ? 'was altered' : 'follows an entry that was altered or taken out'
  return (
    <Banner meaning="refused" title={`Entry ${broken.seq} ${what}`} action={button}>
      It says {broken.action} at {broken.at}. The {checked} entries before it are unbroken. Compare the trail with a
      backup.
    </Banner>
  )
}
