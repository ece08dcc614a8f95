export function OAuthAppListPage() {
  return null
}
