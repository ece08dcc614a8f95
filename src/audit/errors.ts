import { type ErrorList, refusals } from '#kit/refusal.ts'

export const auditErrors = {
  'audit.export_too_large': {
    status: 400,
    say: 'More than 100,000 entries match, too many for one file. Narrow the time with from and to, and export in parts.',
  },
} as const satisfies ErrorList

export const refused = refusals(auditErrors)
