export function FindRoomPage() {
  return null
}
