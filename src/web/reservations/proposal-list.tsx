import type { Reservation } from '#reservations/contract.ts'
import { Banner } from '../design/banner.tsx'
import { When } from '../design/when.tsx'
import styles from './proposal-list.module.css'

/** What was proposed to whoever may change the meeting, and has not been settled. */
export function ProposalList({ reservation: { proposals, requestedFor } }: { reservation: Reservation }) {
  if (proposals.length === 0) return null
  return (
    <Banner meaning="waiting" title={`${requestedFor.displayName} has been asked, and has not answered yet`}>
      <ul className={styles.list}>
        {proposals.map(({ id, sentence, at }) => (
          <li key={id}>
            {sentence} <When at={at} />
          </li>
        ))}
      </ul>
      Mailed to {requestedFor.email}. It is settled when the meeting changes in Outlook.
    </Banner>
  )
}
