import {
  Avatar,
  type MantineColorScheme,
  Menu,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core'
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
    <Menu position="bottom-end" width={280} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={styles.target}>
          <Avatar aria-hidden="true" size={32} radius="xl" color="accent" variant="light" name={person.displayName} />
          <VisuallyHidden>Account of {person.displayName}</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span className={styles.name}>{person.displayName}</span>
          <span className={styles.email}>{person.email}</span>
        </Menu.Label>
        <ColourScheme />
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

const schemes = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

function schemeOf(value: string): MantineColorScheme {
  return schemes.find((scheme) => scheme.value === value)?.value ?? 'auto'
}

function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <>
      <Menu.Label>Colours</Menu.Label>
      <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(schemeOf(value))}>
        {schemes.map(({ value, label }) => (
          <Menu.RadioItem key={value} value={value}>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
      <Menu.Divider />
    </>
  )
}
