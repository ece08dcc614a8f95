import { Button } from '@mantine/core'
import type { SetupStep } from '#scan/contract.ts'
import { LinkButton, TextLink } from '../design/links.tsx'
import { type Meaning, MeaningIcon } from '../design/meaning.tsx'
import { Progress } from '../design/progress.tsx'
import { Verdict } from '../design/verdict.tsx'
import styles from './setup-checklist.module.css'

/** How each state of a step is shown: its meaning, its word, and whether there is something to do. */
const states = {
  done: { meaning: 'good', word: 'Done' },
  next: { meaning: 'attention', word: 'Do it now' },
  waiting: { meaning: 'neutral', word: 'After the steps above' },
  refused: { meaning: 'refused', word: 'Why is this red?' },
} as const satisfies Record<SetupStep['state'], { meaning: Meaning; word: string }>

type SetupChecklistProps = {
  steps: readonly SetupStep[]
  complete: boolean
  /** The first step is not a record: it is done here, by setting the scope picker. */
  onPickScope: () => void
}

export function SetupChecklist({ steps, complete, onPickScope }: SetupChecklistProps) {
  const done = steps.filter(({ state }) => state === 'done').length
  return (
    <>
      <Progress done={done} of={steps.length} what="steps" />
      {complete ? (
        <Verdict meaning="good">The Connection and credential alias is set, and a live call has proved it.</Verdict>
      ) : null}
      <SetupSteps steps={steps} onPickScope={onPickScope} />
    </>
  )
}

type SetupStepsProps = { steps: readonly SetupStep[]; onPickScope?: () => void }

/** Steps in their order, each with its state, its reason and the way there. */
export function SetupSteps({ steps, onPickScope = () => undefined }: SetupStepsProps) {
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => (
        <Step key={step.key} step={step} number={index + 1} onPickScope={onPickScope} />
      ))}
    </ol>
  )
}

type StepProps = { step: SetupStep; number: number; onPickScope: () => void }

function Step({ step, number, onPickScope }: StepProps) {
  const { meaning, word } = states[step.state]
  const open = step.state === 'next' || step.state === 'refused'
  return (
    <li className={`${styles.step} ${open ? styles.open : ''}`} data-state={step.state}>
      <span className={styles.icon}>
        <MeaningIcon meaning={meaning} size={20} />
      </span>
      <div className={styles.body}>
        <h2 className={styles.title}>
          {number}. {step.title}
        </h2>
        <p className={styles.state}>
          <span className={styles[meaning]}>{word}</span> {step.because}
        </p>
        {open ? <p className={styles.action}>{step.action}</p> : null}
      </div>
      <div className={styles.link}>
        <WayThere step={step} open={open} onPickScope={onPickScope} />
      </div>
    </li>
  )
}

function WayThere({ step, open, onPickScope }: { step: SetupStep; open: boolean; onPickScope: () => void }) {
  if (step.key === 'scope') {
    return open ? <Button onClick={onPickScope}>Do it now</Button> : null
  }
  if (open) {
    return (
      <LinkButton to={step.link} aria-label={`Do it now: ${step.title}`}>
        Do it now
      </LinkButton>
    )
  }
  return (
    <TextLink to={step.link} aria-label={`Open: ${step.title}`}>
      Open
    </TextLink>
  )
}
