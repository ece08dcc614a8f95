import { Button, Skeleton } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { MeaningIcon } from './meaning.tsx'
import styles from './states.module.css'

type EmptyStateProps = {
  title: string
  text: ReactNode
  icon?: ReactNode
  action?: ReactNode
  /** It is all there is on the page, so its title is the page's heading. */
  alone?: boolean
}

/** A list with nothing in it: what this is, and the one button to begin. */
export function EmptyState({ title, text, icon, action, alone = false }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      {icon}
      <Title alone={alone}>{title}</Title>
      <p className={styles.text}>{text}</p>
      {action === undefined ? null : <div className={styles.actions}>{action}</div>}
    </div>
  )
}

/** What an error has to say to be shown; an `ApiProblem` is one. */
export type ShownProblem = { detail: string; requestId?: string | null }

type ErrorStateProps = { problem: ShownProblem; onRetry?: () => void; title?: string; alone?: boolean }

/** Something could not be shown: what happened, and a way on. */
export function ErrorState({ problem, onRetry, title, alone = false }: ErrorStateProps) {
  return (
    <div className={styles.state} role="alert">
      <MeaningIcon meaning="refused" size={28} />
      <Title alone={alone}>{title ?? 'This could not be shown'}</Title>
      <p className={styles.text}>{problem.detail}</p>
      {onRetry === undefined ? null : (
        <div className={styles.actions}>
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden="true" />} onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
      {problem.requestId ? <span className={styles.requestId}>Request {problem.requestId}</span> : null}
    </div>
  )
}

/** Holds the height of what is coming, so that nothing jumps. `rows` are list rows of 36 pixels. */
export function Loading({ rows = 6, what = 'the page' }: { rows?: number; what?: string }) {
  const bars = Array.from({ length: rows }, (_, index) => `bar-${index}`)
  return (
    <div className={styles.loading} aria-busy="true">
      <span className={styles.spoken} role="status">
        Loading {what}…
      </span>
      {bars.map((bar) => (
        <Skeleton key={bar} height={28} radius="sm" />
      ))}
    </div>
  )
}

function Title({ alone, children }: { alone: boolean; children: string }) {
  return alone ? <h1 className={styles.title}>{children}</h1> : <p className={styles.title}>{children}</p>
}
