import { CloseButton, TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import styles from './all-navigator.module.css'
import { consoleGroups, mayOpen } from './destinations.tsx'
import { usePerson } from './queries.ts'

/** All: every page of the console, by group, with a filter. Enter opens the first that is left. */
export function AllNavigator({ onOpened }: { onOpened?: () => void }) {
  const [filter, setFilter] = useState('')
  const { roles } = usePerson()
  const groups = consoleGroups
    .map(({ title, pages }) => ({
      title,
      pages: pages.filter((page) => mayOpen(page, roles) && matches(filter, title, page)),
    }))
    .filter(({ pages }) => pages.length > 0)
  const navigate = useNavigate()
  const openFirst = () => {
    const to = groups[0]?.pages[0]?.to
    if (to) void navigate({ to }).then(onOpened)
  }
  return (
    <div className={styles.navigator}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          openFirst()
        }}
      >
        <TextInput
          type="search"
          size="sm"
          placeholder="Filter"
          aria-label="Filter navigator"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && setFilter('')}
          rightSection={
            filter === '' ? null : <CloseButton size="sm" aria-label="Clear filter" onClick={() => setFilter('')} />
          }
        />
      </form>
      <nav aria-label="All">
        {groups.map(({ title, pages }) => (
          <section key={title} className={styles.group}>
            <h2 className={styles.title}>{title}</h2>
            <ul className={styles.pages}>
              {pages.map(({ title: page, to, icon: Icon }) => (
                <li key={to}>
                  <Link to={to} className={styles.page} activeOptions={{ exact: to === '/console' }} onClick={onOpened}>
                    <Icon size={16} stroke={1.75} aria-hidden="true" />
                    <span>{page}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 ? <p className={styles.nothing}>No page is called “{filter}”.</p> : null}
      </nav>
    </div>
  )
}

function matches(filter: string, group: string, page: { title: string; words: string }): boolean {
  return `${group} ${page.title} ${page.words}`.toLowerCase().includes(filter.trim().toLowerCase())
}
