export function AliasListPage() {
  return null
}
