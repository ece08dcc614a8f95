import { useState } from 'react'
import { type Chosen, nothingChosen } from '../design/chosen.ts'

/** What is chosen in a list. Another page, search or filter is another list, and nothing of it is chosen. */
export function useSelection(list: unknown): { chosen: Chosen; change: (chosen: Chosen) => void } {
  const which = JSON.stringify(list)
  const [held, hold] = useState({ which, chosen: nothingChosen })
  return {
    chosen: held.which === which ? held.chosen : nothingChosen,
    change: (chosen) => hold({ which, chosen }),
  }
}
