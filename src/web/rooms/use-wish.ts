import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Building } from '#rooms/contract.ts'
import { browser } from '../browser.ts'
import { firstWish, toSearch, type Wish, wishIn } from './wish.ts'

const memory = 'building'

/** The wish in the address bar, the clock it is meant on, and how to change it. */
export function useWish(buildings: readonly Building[], now: Temporal.Instant, readerZone: string) {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const [usualBuilding] = useState(() => homeBuilding(buildings, readerZone))
  const [openedAt] = useState(now)
  const wish = useMemo(() => {
    const zone = zoneOf(String(search.building ?? usualBuilding))
    const read = wishIn(search, { ...firstWish(openedAt, zone), building: usualBuilding })
    return buildings.some(({ id }) => id === read.building) ? read : { ...read, building: 'any' }

    function zoneOf(id: string): string {
      return buildings.find((building) => building.id === id)?.timeZone ?? readerZone
    }
  }, [search, usualBuilding, openedAt, buildings, readerZone])
  const zone = buildings.find(({ id }) => id === wish.building)?.timeZone ?? readerZone
  const setWish = (next: Wish) => {
    if (next.building !== wish.building) browser.remember(memory, next.building)
    void navigate({ to: '/', search: toSearch(next), resetScroll: false })
  }
  return { wish, zone, setWish }
}

/** Where the reader looked last, or else a building on the reader's own clock. */
function homeBuilding(buildings: readonly Building[], readerZone: string): string {
  const last = browser.recall(memory)
  if (last !== null && (last === 'any' || buildings.some(({ id }) => id === last))) return last
  return buildings.find(({ timeZone }) => timeZone === readerZone)?.id ?? 'any'
}
