import { Menu, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import { useApplicationScope } from './application-scope.ts'
import styles from './scope-picker.module.css'

/** The application scope picker: new records are made in the scope it names. */
export function ScopePicker() {
  const { current, all, choose } = useApplicationScope()
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={styles.target}>
          <VisuallyHidden>Application </VisuallyHidden>
          <span className={styles.label}>Scope</span>
          <span className={styles.name}>{current?.name ?? '…'}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>New records are made in</Menu.Label>
        {all.map((scope) => (
          <Menu.Item
            key={scope.id}
            onClick={() => choose(scope.key)}
            rightSection={scope.id === current?.id ? <IconCheck size={14} aria-label="chosen" /> : null}
          >
            {scope.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
