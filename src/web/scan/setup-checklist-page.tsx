export function SetupChecklistPage() {
  return null
}
