import { Button } from '@mantine/core'
import styles from './room-choice.module.css'

type RoomChoiceProps = {
  /** The words on the button. */
  children: string
  /** The whole name, when the words alone do not say what happens; it contains them. */
  name?: string
  disabled?: boolean
  onChoose: () => void
}

/** One of several rooms to take instead. Names of rooms may be long, so the button grows with them. */
export function RoomChoice({ children, name, disabled = false, onChoose }: RoomChoiceProps) {
  return (
    <Button
      variant="default"
      classNames={{ root: styles.choice, label: styles.label }}
      disabled={disabled}
      onClick={onChoose}
      aria-label={name}
    >
      {children}
    </Button>
  )
}
