import { MultiSelect, NumberInput, Select } from '@mantine/core'
import { IconBuilding, IconDeviceTv, IconUsers } from '@tabler/icons-react'
import type { Building } from '#rooms/contract.ts'
import { DayField, TimeFields } from './day-and-time.tsx'
import { startingAt, type Wish } from './wish.ts'
import styles from './wish-form.module.css'

type WishFormProps = {
  wish: Wish
  buildings: readonly Building[]
  equipment: readonly string[]
  today: string
  onChange: (wish: Wish) => void
  problem: string | null
}

/** When, how many people, where, with what. Every change is a new address, so Back takes it back. */
export function WishForm({ wish, buildings, equipment, today, onChange, problem }: WishFormProps) {
  return (
    <search className={styles.form} aria-label="What you are looking for">
      <div className={styles.day}>
        <DayField value={wish.date} today={today} onChange={(date) => onChange({ ...wish, date })} />
      </div>
      <div className={styles.times}>
        <TimeFields
          from={wish.from}
          to={wish.to}
          onFrom={(from) => onChange(startingAt(wish, from))}
          onTo={(to) => onChange({ ...wish, to })}
          errors={{ to: problem ?? undefined }}
        />
      </div>
      <div className={styles.people}>
        <NumberInput
          label="People"
          size="md"
          min={1}
          max={10_000}
          clampBehavior="blur"
          allowDecimal={false}
          value={wish.people}
          onChange={(people) => typeof people === 'number' && people >= 1 && onChange({ ...wish, people })}
          leftSection={<IconUsers size={16} aria-hidden="true" />}
        />
      </div>
      <div className={styles.where}>
        <Select
          label="Building"
          size="md"
          searchable
          allowDeselect={false}
          data={[
            { value: 'any', label: 'Any building' },
            ...buildings.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={wish.building}
          onChange={(building) => building !== null && onChange({ ...wish, building })}
          leftSection={<IconBuilding size={16} aria-hidden="true" />}
        />
      </div>
      <div className={styles.where}>
        <MultiSelect
          label="Equipment"
          size="md"
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Any equipment' }}
          placeholder={wish.equipment.length === 0 ? 'Any' : undefined}
          data={[...new Set([...equipment, ...wish.equipment])].sort()}
          value={[...wish.equipment]}
          onChange={(chosen) => onChange({ ...wish, equipment: chosen })}
          leftSection={<IconDeviceTv size={16} aria-hidden="true" />}
        />
      </div>
    </search>
  )
}
