import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { ReactNode } from 'react'
import styles from './side-sheet.module.css'

type SideSheetProps = {
  opened: boolean
  title: string
  onClose: () => void
  onSubmit?: () => void
  children: ReactNode
  /** Stays in sight at the bottom, however long the form is. */
  footer?: ReactNode
}

/** A form beside the page it belongs to; on a phone it takes the whole screen. */
export function SideSheet({ opened, title, onClose, onSubmit, children, footer }: SideSheetProps) {
  const phone = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  const body = (
    <div className={styles.body}>
      {children}
      {footer === undefined ? null : <div className={styles.footer}>{footer}</div>}
    </div>
  )
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size={phone ? '100%' : 480}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={styles.head}>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>
          {onSubmit === undefined ? (
            body
          ) : (
            <form
              noValidate
              onSubmit={(event) => {
                event.preventDefault()
                onSubmit()
              }}
            >
              {body}
            </form>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
