export function ConnectionListPage() {
  return null
}
