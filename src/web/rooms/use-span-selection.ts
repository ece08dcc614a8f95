import { type MouseEvent, type PointerEvent, useRef, useState } from 'react'
import { type DayWindow, instantUnder } from './day-grid.ts'
import { draggedSpan, gapAround, tappedSpan } from './free-time.ts'
import type { Span } from './wish.ts'

type Selecting = { window: DayWindow; busy: readonly Span[]; notBefore: Temporal.Instant; minutes: number }
type Drag = { gap: Span; began: Temporal.Instant; beganX: number; moved: boolean }

/** Moves smaller than this are a click of an unsteady hand. */
const dragThresholdPx = 4

/** Choosing a span on a room's row: a tap takes the wished length, a drag with the mouse takes its own. Null over what is taken. */
export function useSpanSelection(selecting: Selecting, choose: (span: Span) => void) {
  const [selection, setSelection] = useState<Span | null>(null)
  const drag = useRef<Drag | null>(null)

  const gapAt = (at: Temporal.Instant): Span | null => {
    if (Temporal.Instant.compare(at, selecting.notBefore) < 0) return null
    return gapAround(openPart(selecting), selecting.busy, at)
  }
  const tapped = (event: MouseEvent<HTMLElement>): Span | null => {
    const at = instantUnder(selecting.window, positionIn(event))
    const gap = gapAt(at)
    return gap && tappedSpan(gap, at, selecting.minutes)
  }
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'mouse' || event.button !== 0) return
    const began = instantUnder(selecting.window, positionIn(event))
    const gap = gapAt(began)
    if (gap === null) return
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { gap, began, beganX: event.clientX, moved: false }
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType !== 'mouse') return
    const going = drag.current
    if (going === null) return setSelection(tapped(event))
    going.moved ||= Math.abs(event.clientX - going.beganX) >= dragThresholdPx
    if (going.moved)
      setSelection(draggedSpan(going.gap, going.began, instantUnder(selecting.window, positionIn(event))))
  }
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const chosen = drag.current?.moved ? selection : tapped(event)
    drag.current = null
    setSelection(null)
    if (chosen) choose(chosen)
  }
  const onPointerLeave = () => {
    if (drag.current === null) setSelection(null)
  }
  const onPointerCancel = () => {
    drag.current = null
    setSelection(null)
  }
  return { selection, handlers: { onPointerDown, onPointerMove, onPointerLeave, onPointerCancel, onClick } }
}

function openPart({ window, notBefore }: Selecting): Span {
  return { from: Temporal.Instant.compare(window.from, notBefore) < 0 ? notBefore : window.from, to: window.to }
}

function positionIn(event: MouseEvent<HTMLElement>): number {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return (event.clientX - left) / width
}
