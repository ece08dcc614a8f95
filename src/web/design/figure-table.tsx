import styles from './figure-table.module.css'

export type FigureRow = { label: string; figures: readonly string[] }

type FigureTableProps = {
  caption: string
  /** What the figures are, without the first column. */
  titles: readonly string[]
  rows: readonly FigureRow[]
}

/** A few figures in rows and columns, which stay so on a phone. */
export function FigureTable({ caption, titles, rows }: FigureTableProps) {
  return (
    <table className={styles.table} aria-label={caption}>
      <thead>
        <tr>
          <td />
          {titles.map((title) => (
            <th key={title} scope="col" className={styles.head}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, figures }) => (
          <tr key={label}>
            <th scope="row" className={styles.label}>
              {label}
            </th>
            {titles.map((title, index) => (
              <td key={title} className={styles.figure}>
                {figures[index]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
