import { Drawer, UnstyledButton } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconMenu2 } from '@tabler/icons-react'
import { Link, Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { consoleRoles } from '#people/contract.ts'
import { browser } from '../browser.ts'
import { Logo } from '../design/logo.tsx'
import { AccountMenu } from './account-menu.tsx'
import { AllNavigator } from './all-navigator.tsx'
import { Banners } from './banners.tsx'
import { Breadcrumbs } from './breadcrumbs.tsx'
import styles from './console-layout.module.css'
import { CrumbProvider } from './crumb.tsx'
import { NoConsolePage } from './no-console-page.tsx'
import { useHasRole } from './queries.ts'
import { ScopePicker } from './scope-picker.tsx'

/** The administrators' side: All on the left, where you are and in which scope on top. */
export function ConsoleLayout() {
  const small = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false }) ?? false
  const [drawerOpen, drawer] = useDisclosure(false)
  const [sidebarOpen, toggleSidebar] = useSidebar()
  const mayConsole = useHasRole(...consoleRoles)
  if (!mayConsole) return <NoConsolePage />
  return (
    <CrumbProvider>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <Banners />
      <header className={styles.bar}>
        <UnstyledButton
          className={styles.all}
          onClick={small ? drawer.open : toggleSidebar}
          aria-expanded={small ? drawerOpen : sidebarOpen}
        >
          <IconMenu2 size={18} stroke={1.75} aria-hidden="true" />
          All
        </UnstyledButton>
        <Link to="/" className={styles.home} aria-label="Anteroom, to the portal">
          <Logo variant="mark" />
        </Link>
        <Breadcrumbs />
        <ScopePicker />
        <AccountMenu />
      </header>
      <div className={styles.body}>
        {small || !sidebarOpen ? null : (
          <aside className={styles.sidebar} aria-label="Navigator">
            <AllNavigator />
          </aside>
        )}
        <main id="content" className={styles.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={small && drawerOpen}
        onClose={drawer.close}
        title="All"
        size={300}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <AllNavigator onOpened={drawer.close} />
      </Drawer>
    </CrumbProvider>
  )
}

function useSidebar(): [boolean, () => void] {
  const [open, setOpen] = useState(browser.recall('navigator') !== 'closed')
  const toggle = () => {
    browser.remember('navigator', open ? 'closed' : 'open')
    setOpen(!open)
  }
  return [open, toggle]
}
