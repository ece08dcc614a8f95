import { Navigate, Outlet } from '@tanstack/react-router'
import { browser } from '../browser.ts'
import { ProofDialog } from '../people/proof-dialog.tsx'
import { CommandPalette } from './command-palette.tsx'
import { useLive } from './live.ts'
import { useMe } from './queries.ts'
import { Shortcuts } from './shortcuts.tsx'

/** Around every page of a signed-in person: live updates, keyboard, command palette. A session that ends leads to sign-in and back. */
export function SignedIn() {
  const { person } = useMe()
  useLive(person !== null)
  if (person === null) return <Navigate to="/sign-in" search={{ returnTo: browser.here() }} replace />
  return (
    <>
      <Outlet />
      <CommandPalette />
      <Shortcuts />
      <ProofDialog />
    </>
  )
}
