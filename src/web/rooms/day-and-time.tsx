import { NativeSelect } from '@mantine/core'
import { DatePickerInput } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { useId } from 'react'
import { endOptions, startOptions } from './time-options.ts'

type DayFieldProps = { value: string; today: string; onChange: (date: string) => void; error?: string }

/** A day, in the building's zone. Days that have passed cannot be chosen. */
export function DayField({ value, today, onChange, error }: DayFieldProps) {
  // One id for field and calendar: the calendar is a dialog that is named after its field.
  const id = useId()
  return (
    <DatePickerInput
      id={id}
      label="Day"
      aria-label={`Day: ${shortDay(value)}`}
      size="md"
      valueFormat="ddd D MMM"
      firstDayOfWeek={1}
      minDate={today}
      value={value}
      onChange={(date) => date !== null && onChange(date)}
      error={error}
      leftSection={<IconCalendar size={16} aria-hidden="true" />}
      weekendDays={[]}
      ariaLabels={calendarWords}
      popoverProps={{ id, trapFocus: true, returnFocus: true }}
    />
  )
}

const calendarWords = {
  previousMonth: 'Previous month',
  nextMonth: 'Next month',
  previousYear: 'Previous year',
  nextYear: 'Next year',
  previousDecade: 'Previous ten years',
  nextDecade: 'Next ten years',
}

/** As the field shows it. Its name has to say the same, because it is a button and not an input. */
function shortDay(date: string): string {
  const day = Temporal.PlainDate.from(date)
  return day.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '')
}

type TimeFieldsProps = {
  from: string
  to: string
  onFrom: (from: string) => void
  onTo: (to: string) => void
  errors?: { from?: string; to?: string }
}

/** Start and end of a day's span. The end says how long it is, so there is no third field for that. */
export function TimeFields({ from, to, onFrom, onTo, errors = {} }: TimeFieldsProps) {
  return (
    <>
      <NativeSelect
        label="From"
        size="md"
        data={startOptions(from)}
        value={from}
        onChange={(event) => onFrom(event.currentTarget.value)}
        error={errors.from}
      />
      <NativeSelect
        label="To"
        size="md"
        data={endOptions(from, to)}
        value={to}
        onChange={(event) => onTo(event.currentTarget.value)}
        error={errors.to}
      />
    </>
  )
}
