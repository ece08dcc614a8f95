export function AliasPage() {
  return null
}
