import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import styles from './record-list.module.css'

export type Filter = { key: string; label: string; options: readonly { value: string; label: string }[] }

/** One filter of a list: dashed while it lets everything through, filled once it narrows. */
export function FilterChip({
  filter,
  value,
  onChange,
}: {
  filter: Filter
  value: string
  onChange: (value: string) => void
}) {
  const chosen = filter.options.find((option) => option.value === value)
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={`${styles.chip} ${chosen ? styles.chosen : ''}`}>
          {filter.label}
          {chosen ? `: ${chosen.label}` : null}
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => onChange('')}
          rightSection={chosen ? null : <IconCheck size={14} aria-label="chosen" />}
        >
          Any
        </Menu.Item>
        {filter.options.map((option) => (
          <Menu.Item
            key={option.value}
            onClick={() => onChange(option.value)}
            rightSection={option.value === value ? <IconCheck size={14} aria-label="chosen" /> : null}
          >
            {option.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
