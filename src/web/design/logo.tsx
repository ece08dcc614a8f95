import styles from './logo.module.css'

/** The mark, an open door, with the name beside it. */
export function Logo({ variant = 'full' }: { variant?: 'full' | 'mark' }) {
  return (
    <span className={styles.logo}>
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="var(--an-accent-fill)" />
        <g stroke="#fff" strokeWidth="2.5" strokeLinecap="round" fill="none">
          <path d="M9 25V10.5A3.5 3.5 0 0 1 12.5 7h7a3.5 3.5 0 0 1 3.5 3.5V25" />
          <path d="M7 25h18" />
        </g>
        <path d="M13 25V13.500l6-1.500v13" fill="#fff" />
      </svg>
      <span className={variant === 'mark' ? styles.spoken : styles.name}>Anteroom</span>
    </span>
  )
}
