import { Link, useLocation } from '@tanstack/react-router'
import styles from './breadcrumbs.module.css'
import { useCrumbName } from './crumb.tsx'
import { placeOf } from './destinations.tsx'

/** Connections & Credentials › Credentials › Ms Graph 1 */
export function Breadcrumbs() {
  const { pathname } = useLocation()
  const record = useCrumbName()
  const place =
    placeOf(pathname) ?? (pathname.startsWith('/console/entity-profiles') ? placeOf('/console/oauth-apps') : null)
  if (place === null) return <div className={styles.crumbs} />
  return (
    <nav className={styles.crumbs} aria-label="Breadcrumbs">
      <ol className={styles.list}>
        <li className={styles.group}>{place.group}</li>
        <li className={styles.page}>
          {record === null ? (
            <span aria-current="page">{place.page.title}</span>
          ) : (
            <Link to={place.page.to}>{place.page.title}</Link>
          )}
        </li>
        {record === null ? null : (
          <li className={styles.record}>
            <span aria-current="page">{record}</span>
          </li>
        )}
      </ol>
    </nav>
  )
}
