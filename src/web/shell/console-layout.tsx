import { Outlet } from '@tanstack/react-router'

export function ConsoleLayout() {
  return <Outlet />
}
