import { Button } from '@mantine/core'
import { useId } from 'react'
import type { Reservation } from '#reservations/contract.ts'
import styles from './reservation-actions.module.css'

type ReservationActionsProps = { reservation: Reservation; onChange: () => void; onCancel: () => void }

/** What can be done with it. A button that cannot be pressed has its reason, and the next step, beside it. */
export function ReservationActions({ reservation, onChange, onCancel }: ReservationActionsProps) {
  const reasonId = useId()
  const { mayChange, mayNotChangeBecause, changesAreProposed } = reservation
  const proposes = changesAreProposed !== null
  const described = mayNotChangeBecause === null ? {} : { 'aria-describedby': reasonId }
  return (
    <div className={styles.actions}>
      <div className={styles.buttons}>
        <Button variant="default" disabled={!mayChange} onClick={onChange} {...described}>
          {proposes ? 'Propose a change' : 'Change'}
        </Button>
        <Button
          variant="outline"
          color={proposes ? undefined : 'red'}
          disabled={!mayChange}
          onClick={onCancel}
          {...described}
        >
          {proposes ? 'Propose to cancel' : 'Cancel it'}
        </Button>
      </div>
      {mayNotChangeBecause === null ? null : (
        <p id={reasonId} className={styles.reason}>
          {mayNotChangeBecause}
        </p>
      )}
    </div>
  )
}
