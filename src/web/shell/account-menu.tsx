import { Avatar, Menu, SegmentedControl, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core'
import { IconKey, IconLogout, IconSettings } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { consoleRoles, signOut } from '#people/contract.ts'
import { browser } from '../browser.ts'
import styles from './account-menu.module.css'
import { call } from './api.ts'
import { useHasRole, usePerson } from './queries.ts'

/** Who is signed in, light or dark, and the way out. */
export function AccountMenu() {
  const person = usePerson()
  const mayConsole = useHasRole(...consoleRoles)
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <UnstyledButton className={styles.target}>
          <Avatar aria-hidden="true" size={32} radius="xl" color="accent" variant="light" name={person.displayName} />
          <VisuallyHidden>Account of {person.displayName}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <div className={styles.name}>{person.displayName}</div>
          <div className={styles.email}>{person.email}</div>
        </div>
        <div className={styles.scheme}>
          <ColourScheme />
        </div>
        <Menu.Item component={Link} to="/account" leftSection={<IconKey size={16} aria-hidden="true" />}>
          Account and API tokens
        </Menu.Item>
        {mayConsole ? (
          <Menu.Item component={Link} to="/console" leftSection={<IconSettings size={16} aria-hidden="true" />}>
            Console
          </Menu.Item>
        ) : null}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden="true" />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Leaves by a full page load, so that nothing of this session stays in memory. */
async function leave(): Promise<void> {
  await call(signOut)
  browser.goTo('/sign-in')
}

function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Colours"
      fullWidth
      size="xs"
      value={colorScheme}
      onChange={setColorScheme}
      data={[
        { value: 'auto', label: 'System' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  )
}
