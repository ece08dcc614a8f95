import type { AccessProblem } from '#graph/access-problem.ts'
import type { Capabilities, Capability, WatchMethod } from './contract.ts'

export type Judged = Omit<Capability, 'at'>

/** Whose calendar was tried, by whom. */
export type Tried = {
  room: { name: string; mailbox: string }
  identity: string
  actsAs: 'application' | 'delegated' | 'personal'
  /** For what: as in "may not ... the calendar". */
  to: 'read' | 'write'
}

/** What a refusal means for whoever has to mend it, and what to do next. */
export function sayProblem(problem: AccessProblem, tried: Tried, detail: string): Judged {
  const { room, identity, actsAs, to } = tried
  switch (problem) {
    case 'calendar_not_shared':
      return no('permission_pending', sayNotShared(tried))
    case 'scope_missing':
      return no('scope_missing', actsAs === 'application' ? sayNoRole(room.name) : sayNoScope(identity, to))
    case 'policy_denies':
      return no('policy_denies', sayPolicy(room))
    case 'mailbox_not_found':
      return no(
        'mailbox_not_found',
        `Exchange Online has no mailbox ${room.mailbox}. Correct it on the form of ${room.name}.`,
      )
    case 'token_refused':
      return no(
        'token_refused',
        `The token of ${identity} was not accepted: ${detail} Press Get OAuth Token on the credential.`,
      )
    case 'no_answer':
      return {
        ok: null,
        code: 'no_answer',
        say: `Exchange gave no clear answer (${detail}). It is tried again by itself.`,
      }
    case 'unexpected':
      return {
        ok: null,
        code: 'unexpected',
        say: `Exchange answered in a way that is not known here (${detail}). Test again, and look at the log if it stays.`,
      }
  }
}

/** What was not tried, and why. */
export const notTried = (say: string): Judged => ({ ok: null, code: 'not_tried', say })

export const works = (say: string): Judged => ({ ok: true, code: 'works', say })

export const no = (code: string, say: string): Judged => ({ ok: false, code, say })

/** How a room with these capabilities can be watched; null: not at all yet. */
export function methodFor({ read, delta }: Pick<Capabilities, 'read' | 'delta'>): WatchMethod | null {
  if (read.ok !== true) return null
  return delta.ok === true ? 'delta' : 'windows'
}

/**
 * What is known after something more was found out. An outcome that leaves the question open (`ok: null`) does not replace an answer:
 * a subscription that was refused stays refused until another one is tried.
 */
export function mergeCapabilities(before: Partial<Capabilities>, found: Partial<Capabilities>): Partial<Capabilities> {
  const news = Object.entries(found).filter(
    ([name, { ok }]) => ok !== null || before[name as keyof Capabilities] === undefined,
  )
  return { ...before, ...Object.fromEntries(news) }
}

function sayNotShared({ room, identity, to }: Tried): string {
  return `${identity} may not ${to} the calendar of ${room.name} yet. A delegation that was given lately takes 24 to 48 hours to work, and it is tried again by itself. If nobody gave it, run in Exchange Online PowerShell: Add-MailboxFolderPermission -Identity ${room.mailbox}:\\Calendar -User ${identity} -AccessRights Editor`
}

function sayNoRole(room: string): string {
  return `The application may not use the calendar of ${room}: its registration needs the application permission Calendars.ReadWrite, with admin consent. Give both, then press Get OAuth Token on its credential.`
}

function sayNoScope(identity: string, to: Tried['to']): string {
  const scope = to === 'read' ? 'Calendars.ReadWrite.Shared' : 'Calendars.ReadWrite'
  return `The token of ${identity} does not cover this: it needs the scope ${scope}. Add it to the OAuth Entity Profile, then press Get OAuth Token on the credential.`
}

function sayPolicy({ name, mailbox }: Tried['room']): string {
  return `Exchange keeps the application away from ${mailbox}: an application access policy or a role’s scope leaves it out. Add ${name} to the group that the policy names; that takes up to two hours to work, and it is tried again by itself.`
}
