export function OAuthAppPage() {
  return null
}
