import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import styles from './json-view.module.css'

/** A JSON value as it is, to be read and copied. Scrolls inside itself, with the keyboard too. */
export function JsonView({ value, what }: { value: unknown; what: string }) {
  const text = JSON.stringify(value, null, 2)
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard (axe: scrollable-region-focusable). */}
      <section className={styles.scroll} aria-label={what} tabIndex={0}>
        <pre className={styles.text}>{text}</pre>
      </section>
      <span className={styles.copy}>
        <CopyButton value={text} timeout={2000}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : `Copy: ${what}`}>
              <ActionIcon variant="default" onClick={copy} aria-label={copied ? 'Copied' : `Copy: ${what}`}>
                {copied ? <IconCheck size={16} aria-hidden="true" /> : <IconCopy size={16} aria-hidden="true" />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </span>
    </div>
  )
}
