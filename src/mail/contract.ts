import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'

export const letterStates = ['waiting', 'sent', 'failed'] as const

export const letter = z.object({
  id: z.uuid(),
  to: z.object({ name: z.string(), email: z.string() }),
  subject: z.string(),
  about: z.string().describe('The feature.verb that wrote it'),
  state: z.enum(letterStates),
  writtenAt: z.iso.datetime(),
  sentAt: z.iso.datetime().nullable(),
  tries: z.number().int(),
  nextTryAt: z.iso.datetime().nullable().describe('Only while it waits'),
  trouble: z.string().nullable().describe('What the last try ended with'),
})
export type LetterRow = z.infer<typeof letter>

export const mailSetup = z.object({
  place: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('folder'), folder: z.string() }),
    z.object({
      kind: z.literal('smtp'),
      host: z.string(),
      port: z.number().int(),
      user: z.string().nullable(),
      tls: z.enum(['always', 'if_offered']),
    }),
  ]),
  from: z.object({ name: z.string(), email: z.string() }),
  letters: z.object({ waiting: z.number().int(), sent: z.number().int(), failed: z.number().int() }),
})
export type MailSetup = z.infer<typeof mailSetup>

export const readMail = endpoint({
  method: 'GET',
  path: '/api/mail',
  summary: 'Where letters go, and how many wait, were sent or could not be',
  access: ['admin'],
  answer: mailSetup,
})

export const listLetters = endpoint({
  method: 'GET',
  path: '/api/mail/letters',
  summary: 'Letters of the last 30 days, newest first',
  access: ['admin'],
  query: listQuery.omit({ sort: true }).extend({ state: z.enum(letterStates).optional() }),
  answer: pageOf(letter),
})

export const sendLetterAgain = endpoint({
  method: 'POST',
  path: '/api/mail/letters/{id}/send-again',
  summary: 'Try a letter that was not sent once more, now',
  access: ['admin'],
  params: z.object({ id: z.uuid() }),
  answer: letter,
  errors: ['mail.letter_not_found'],
})

export const sendTestLetter = endpoint({
  method: 'POST',
  path: '/api/mail/test-letter',
  summary: 'Write a letter to oneself, to see that mail arrives',
  access: ['admin'],
  answer: z.object({ to: z.string() }),
  status: 202,
  errors: ['mail.no_address'],
})
