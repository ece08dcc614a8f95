import { Link, Outlet } from '@tanstack/react-router'
import { consoleRoles } from '#people/contract.ts'
import { Logo } from '../design/logo.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Banners } from './banners.tsx'
import { mayOpen, portalDestinations } from './destinations.tsx'
import styles from './portal-layout.module.css'
import { useHasRole, usePerson } from './queries.ts'

/** The employees' side. On a phone the places sit at the bottom, under the thumb. */
export function PortalLayout() {
  const mayConsole = useHasRole(...consoleRoles)
  const { roles } = usePerson()
  const places = portalDestinations.filter((place) => mayOpen(place, roles))
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <Banners />
      <header className={styles.bar}>
        <Link to="/" className={styles.home}>
          <Logo />
        </Link>
        <nav className={styles.places} aria-label="Portal">
          {places.map(({ title, short = title, to, icon: Icon }) => (
            <Link key={to} to={to} className={styles.place} activeOptions={{ exact: to === '/', includeSearch: false }}>
              <Icon size={18} stroke={1.75} aria-hidden="true" />
              <span className={places.length > 3 ? styles.long : undefined}>{title}</span>
              {places.length > 3 ? <span className={styles.short}>{short}</span> : null}
            </Link>
          ))}
        </nav>
        <div className={styles.end}>
          {mayConsole ? (
            <Link to="/console" className={styles.console}>
              Console
            </Link>
          ) : null}
          <AccountMenu />
        </div>
      </header>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
