export function MyConnectionsPage() {
  return null
}
