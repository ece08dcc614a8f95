import { consoleRoles, type Role, role } from './contract.ts'

/** Roles as the database holds them, in the order of the contract, so that lists of roles always read alike. */
export function inOrder(roles: Iterable<string>): Role[] {
  const held = new Set(roles)
  return role.options.filter((one) => held.has(one))
}

/** May this person see the console at all? */
export function seesConsole(roles: ReadonlySet<string>): boolean {
  return consoleRoles.some((one) => roles.has(one))
}
