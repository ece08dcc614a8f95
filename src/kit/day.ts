/** A day as people write it, `22 Feb 2027`, in UTC: for sentences that are made on the server, where nobody's zone is known. */
export function sayDay(at: Date): string {
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
}
