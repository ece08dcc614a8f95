import { z } from 'zod'
import { syncMode, syncModes } from './contract.ts'

/** A setting of the whole installation: what it may be, what it is unless somebody says otherwise, and what it does. */
export type PropertyDefinition<Value = unknown> = {
  title: string
  kind: 'choice' | 'number' | 'switch'
  shape: z.ZodType<Value>
  shipped: Value
  unit: string | null
  choices: readonly string[]
  min: number | null
  max: number | null
  /** What it does, in one or two sentences. */
  says: string
  /** Where it is noticed. */
  actsIn: string
}

/** Every property. One that nothing reads does not belong here. */
export const properties = {
  'sync.mode': {
    title: 'Synchronization mode',
    kind: 'choice',
    shape: syncMode,
    shipped: 'personal',
    unit: null,
    choices: syncModes,
    min: null,
    max: null,
    says: 'Whose permission is used. Normal: the application’s. Strict: one delegated mailbox organises every meeting. Personal: each person’s own for what that person does, the delegated mailbox’s for everything else.',
    actsIn: 'Every calendar provider that has no mode of its own.',
  },
  'sync.unconfirmed_minutes': number({
    title: 'Unconfirmed reservations expire after',
    shipped: 360,
    unit: 'minutes',
    min: 5,
    max: 10_080,
    says: 'A reservation that its room has not answered for so long is given up, and the person is told why. Until then it is asked about again and again.',
    actsIn: 'Reservations that wait for their room.',
  }),
  'sync.horizon_days': number({
    title: 'Read ahead',
    shipped: 190,
    unit: 'days',
    min: 1,
    max: 1_080,
    says: 'How far ahead the calendars of rooms are read. Exchange lets people reserve a room 180 days ahead unless its own settings say otherwise.',
    actsIn: 'Watched rooms.',
  }),
  'sync.safety_poll_healthy_seconds': number({
    title: 'Look without a notification, while notifications come',
    shipped: 300,
    unit: 'seconds',
    min: 30,
    max: 86_400,
    says: 'How often a room is read although nothing was reported, while its subscription is known to work. What a lost notification would have said is found out no later.',
    actsIn: 'Watched rooms with a working subscription.',
  }),
  'sync.safety_poll_unproven_seconds': number({
    title: 'Look without a notification, while none are proven',
    shipped: 60,
    unit: 'seconds',
    min: 10,
    max: 86_400,
    says: 'How often a room is read while nothing shows that notifications about it arrive.',
    actsIn: 'Watched rooms without a proven subscription.',
  }),
  'sync.use_persons_time_zone': {
    title: 'Write meetings in the person’s time zone',
    kind: 'switch',
    shape: z.boolean(),
    shipped: false,
    unit: null,
    choices: [],
    min: null,
    max: null,
    says: 'Outlook shows a meeting’s own time zone to everybody who is invited. On: that of the person whose meeting it is, or of the building if theirs is not known. Off: always that of the building. The moment is the same.',
    actsIn: 'Meetings that are reserved here.',
  },
} as const satisfies Record<string, PropertyDefinition>

export type PropertyName = keyof typeof properties
export type PropertyValue<Name extends PropertyName> = z.output<(typeof properties)[Name]['shape']>

export const propertyNames = Object.keys(properties) as PropertyName[]

type Whole = Pick<PropertyDefinition, 'title' | 'says' | 'actsIn'> & {
  shipped: number
  unit: string
  min: number
  max: number
}

function number(whole: Whole): PropertyDefinition<number> {
  const { min, max, unit } = whole
  const say = `Enter a whole number of ${unit} from ${min} to ${max}.`
  return { ...whole, kind: 'number', shape: z.number(say).int(say).min(min, say).max(max, say), choices: [] }
}
