import { notifications } from '@mantine/notifications'
import { asProblem } from './api-problem.ts'

const closeButtonProps = { 'aria-label': 'Hide' }

/** Says in passing what was done. Anything a person must act on belongs on the page instead. */
export function saySaved(title: string, message: string): void {
  notifications.show({ color: 'green', title, message, closeButtonProps })
}

export function sayNotDone(title: string, error: unknown): void {
  notifications.show({ color: 'red', title, message: asProblem(error).detail, autoClose: 12_000, closeButtonProps })
}
