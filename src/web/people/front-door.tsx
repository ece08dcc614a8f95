import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import styles from './front-door.module.css'

type FrontDoorProps = {
  title: string
  text: ReactNode
  children: ReactNode
  /** For pages with more to say than two fields. */
  wide?: boolean
}

/** The frame of the pages that nobody has to be signed in for. */
export function FrontDoor({ title, text, children, wide = false }: FrontDoorProps) {
  useDocumentTitle(`${title} · Anteroom`)
  return (
    <main className={styles.door}>
      <div className={styles.brand}>
        <img src="/favicon.svg" alt="" width={24} height={24} />
        Anteroom
      </div>
      <div className={`${styles.card} ${wide ? styles.wide : ''}`}>
        <header>
          <h1 className={styles.title}>{title}</h1>
          <p className={styles.text}>{text}</p>
        </header>
        {children}
      </div>
    </main>
  )
}
