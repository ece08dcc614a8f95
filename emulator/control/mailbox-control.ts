import { Hono } from 'hono'
import { z } from 'zod'
import { grantRole } from '../exchange/calendar-roles.ts'
import type { TenantEnv } from '../http.ts'
import type { Tenant } from '../tenant.ts'
import { readBody } from './read-body.ts'

const policyChanges = z
  .strictObject({
    automateProcessing: z.enum(['AutoAccept', 'AutoUpdate', 'None']),
    allBookInPolicy: z.boolean(),
    bookInPolicy: z.array(z.string()),
    allRequestInPolicy: z.boolean(),
    requestInPolicy: z.array(z.string()),
    allRequestOutOfPolicy: z.boolean(),
    requestOutOfPolicy: z.array(z.string()),
    resourceDelegates: z.array(z.string()),
    tentativePendingApproval: z.boolean(),
    allowConflicts: z.boolean(),
    allowRecurringMeetings: z.boolean(),
    bookingWindowInDays: z.number().int().min(0).max(1080),
    enforceSchedulingHorizon: z.boolean(),
    maximumDurationInMinutes: z.number().int().nonnegative(),
    addOrganizerToSubject: z.boolean(),
    deleteSubject: z.boolean(),
    deleteComments: z.boolean(),
    removePrivateProperty: z.boolean(),
    removeCanceledMeetings: z.boolean(),
    bookingType: z.enum(['Standard', 'Reserved']),
    answersAfterMs: z.number().nonnegative(),
  })
  .partial()

const roles = [
  'none',
  'freeBusyRead',
  'limitedRead',
  'read',
  'write',
  'delegateWithoutPrivateEventAccess',
  'delegateWithPrivateEventAccess',
] as const

const grantShape = z.strictObject({ role: z.enum(roles), effectiveInMs: z.number().nonnegative().optional() })

/** What Exchange's administrator would do, and a look into anybody's mailbox for judges. */
export function mailboxControl(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.get('/rooms/:room/policy', (c) => {
    const policy = tenant.roomPolicies.get(tenant.findUser(c.req.param('room'))?.id ?? '')
    return policy === undefined ? c.json({ problem: 'No such room.' }, 404) : c.json(policy)
  })
  app.put('/rooms/:room/policy', async (c) => {
    const policy = tenant.roomPolicies.get(tenant.findUser(c.req.param('room'))?.id ?? '')
    if (policy === undefined) return c.json({ problem: 'No such room.' }, 404)
    const body = await readBody(c, policyChanges)
    return body.ok ? c.json(tenant.roomPolicies.put({ ...policy, ...body.value })) : body.answer
  })
  app.put('/mailboxes/:mailbox/permissions/:grantee', async (c) => {
    const mailbox = tenant.findUser(c.req.param('mailbox'))
    const grantee = tenant.findUser(c.req.param('grantee'))
    if (mailbox === undefined || grantee === undefined) return c.json({ problem: 'No such user.' }, 404)
    const body = await readBody(c, grantShape)
    if (!body.ok) return body.answer
    const { role, effectiveInMs = 0 } = body.value
    return c.json(grantRole(tenant, { mailboxId: mailbox.id, granteeId: grantee.id, role }, effectiveInMs))
  })
  app.get('/mailboxes/:mailbox/events', (c) => {
    const mailbox = tenant.findUser(c.req.param('mailbox'))
    if (mailbox === undefined) return c.json({ problem: 'No such user.' }, 404)
    const withDeleted = c.req.query('deleted') === 'true'
    const events = tenant.events.listBy(mailbox.id).filter((event) => withDeleted || event.deletedAt === null)
    return c.json({ events })
  })
  return app
}
