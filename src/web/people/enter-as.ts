import type { useNavigate } from '@tanstack/react-router'
import { consoleRoles, type Me, type Role } from '#people/contract.ts'
import { rememberCsrfToken } from '../shell/api.ts'
import { meKey, queryClient } from '../shell/queries.ts'

/** Takes over the session that an answer brought, forgets what an earlier one saw, and goes where the person wanted to be. */
export function enterAs(me: Me, wanted: string, navigate: ReturnType<typeof useNavigate>): void {
  queryClient.clear()
  rememberCsrfToken(me.csrfToken)
  queryClient.setQueryData(meKey, me)
  const home = hasConsole(me.person?.roles ?? []) ? '/console' : '/'
  void navigate({ href: wanted === '/' ? home : wanted, replace: true })
}

function hasConsole(roles: readonly Role[]): boolean {
  const seeing: readonly Role[] = consoleRoles
  return roles.some((role) => seeing.includes(role))
}
