export function EntityProfilePage() {
  return null
}
