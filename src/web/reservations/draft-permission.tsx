import type { Reservation } from '#reservations/contract.ts'
import { PermissionRequest } from '../personal/permission-request.tsx'
import { usePopupSignIn } from '../personal/use-popup-sign-in.ts'

type DraftPermissionProps = {
  reservation: Pick<Reservation, 'id'>
  permission: NonNullable<Reservation['permissionNeeded']>
  /** What is kept meanwhile; empty where the page says it already. */
  kept: string
  onLater?: () => void
}

/** A draft that waits for the person's own permission. Once it is there, the server goes on by itself. */
export function DraftPermission({ reservation, permission, kept, onLater }: DraftPermissionProps) {
  const signIn = usePopupSignIn(permission.credentialId, `/reservations/${reservation.id}`)
  return (
    <PermissionRequest
      signIn={signIn}
      what="Anteroom books in your own calendar. Microsoft asks you once."
      say={permission.say}
      kept={kept}
      onLater={onLater}
    />
  )
}
