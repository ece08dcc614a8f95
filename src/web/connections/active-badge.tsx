import { StatusBadge } from '../design/status-badge.tsx'

export function ActiveBadge({ active, variant = 'pill' }: { active: boolean; variant?: 'pill' | 'plain' }) {
  return <StatusBadge meaning={active ? 'good' : 'neutral'} word={active ? 'Active' : 'Inactive'} variant={variant} />
}
