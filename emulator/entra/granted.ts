import type { User } from '../model.ts'
import type { EntraProblem } from './problem.ts'

/** What a delegated grant came to: a person and the scopes asked for, or a refusal. */
export type Granted =
  | { ok: true; user: User; scopes: string[]; nonce: string | null; authTime?: number }
  | { ok: false; problem: EntraProblem; userId?: string }
