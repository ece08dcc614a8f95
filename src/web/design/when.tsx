import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { browser } from '../browser.ts'

/** An instant in the reader's zone, or in `zone`, which is then named. Relative within the last hour; the tip has the other zone and UTC. */
export function When({ at, zone, variant = 'moment' }: { at: string; zone?: string; variant?: 'moment' | 'absolute' }) {
  const now = useNow(variant === 'moment')
  const instant = new Date(at)
  const shown = variant === 'moment' ? momentOf(instant, now, zone) : absolute(instant, zone)
  return (
    <Tooltip label={tipOf(instant, zone)}>
      <time dateTime={at}>{shown}</time>
    </Tooltip>
  )
}

/** Now, renewed every half minute while something relative is on screen. */
export function useNow(ticking = true): Date {
  const [now, setNow] = useState(browser.now)
  useEffect(() => (ticking ? browser.every(() => setNow(browser.now()), 30_000) : undefined), [ticking])
  return now
}

/** "52 min", "3 h", "12 days": how long until or since, rounded to the unit a person would say. */
export function spanOf(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  if (hours < 36) return `${hours} h`
  return `${Math.round(hours / 24)} days`
}

function momentOf(instant: Date, now: Date, zone: string | undefined): string {
  const ago = now.getTime() - instant.getTime()
  if (ago >= 0 && ago < 60_000) return 'just now'
  if (ago >= 0 && ago < 3_600_000) return `${Math.floor(ago / 60_000)} min ago`
  return absolute(instant, zone, now)
}

function absolute(instant: Date, zone: string | undefined, now = browser.now()): string {
  const sameYear = instant.getFullYear() === now.getFullYear()
  const sameDay = instant.toDateString() === now.toDateString()
  return new Intl.DateTimeFormat('en-GB', {
    ...(sameDay ? {} : { day: 'numeric', month: 'short' }),
    ...(sameYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(zone && zone !== browser.timeZone() ? { timeZone: zone, timeZoneName: 'short' } : {}),
  }).format(instant)
}

function tipOf(instant: Date, zone: string | undefined): string {
  const inZone = (timeZone: string) =>
    `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone }).format(instant)} ${timeZone}`
  return [...new Set([zone ?? browser.timeZone(), browser.timeZone(), 'UTC'])].map(inZone).join(' · ')
}
