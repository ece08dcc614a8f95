import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockHour4,
  type IconProps,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'

/** The four meanings a colour may carry here, and none. Each always comes with its icon and a word. */
export type Meaning = 'good' | 'waiting' | 'attention' | 'refused' | 'neutral'

const icons: Record<Meaning, ComponentType<IconProps>> = {
  good: IconCircleCheck,
  waiting: IconClockHour4,
  attention: IconAlertTriangle,
  refused: IconCircleX,
  neutral: IconCircleDashed,
}

export function MeaningIcon({ meaning, size = 16 }: { meaning: Meaning; size?: 14 | 16 | 20 | 28 }) {
  const Icon = icons[meaning]
  return <Icon size={size} stroke={1.75} aria-hidden="true" color={`var(--an-${meaning})`} />
}
