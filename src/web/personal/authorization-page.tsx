export function AuthorizationPage() {
  return null
}
