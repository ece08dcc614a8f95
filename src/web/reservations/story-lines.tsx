import type { ReactNode } from 'react'
import type { Story } from '#sync/story.contract.ts'
import { When } from '../design/when.tsx'
import styles from './reservation-story.module.css'

/** What was decided and why, what went to Outlook, and what was proposed: each the newest first, and absent when there is none. */
export function StoryLines({ story: { decisions, events, proposals } }: { story: Story }) {
  return (
    <>
      <Lines
        title="Why it was decided so"
        lines={decisions.map(({ at, say }) => ({ key: `${at} ${say}`, at, text: say }))}
      />
      <Lines
        title="What went to Outlook"
        lines={events.map(({ seq, say, updatedAt }) => ({ key: seq, at: updatedAt, text: say }))}
      />
      <Lines
        title="What was proposed"
        lines={proposals.map(({ id, sentence, outcome, at }) => {
          return { key: id, at, text: `${sentence} ${outcomes[outcome ?? 'open']}` }
        })}
      />
    </>
  )
}

const outcomes = {
  open: 'It has not been answered.',
  taken: 'It happened so in Outlook.',
  overtaken: 'Something else happened in Outlook.',
  withdrawn: 'It was withdrawn.',
} as const

type Line = { key: string; at: string; text: ReactNode }

function Lines({ title, lines }: { title: string; lines: readonly Line[] }) {
  if (lines.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className={styles.heading}>{title}</h3>
      <ul className={styles.lines}>
        {lines.map(({ key, at, text }) => (
          <li key={key}>
            {text}{' '}
            <span className={styles.at}>
              <When at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
