export function MyReservationsPage() {
  return null
}
