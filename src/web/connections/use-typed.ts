import { useEffect, useState } from 'react'

/** A field whose text means something else: what is typed stands until the field is left, and is read then. */
export function useTyped(known: string, onLeave: (typed: string) => void) {
  const [typed, setTyped] = useState(known)
  useEffect(() => setTyped(known), [known])
  return {
    value: typed,
    onChange: setTyped,
    onBlur: () => {
      if (typed !== known) onLeave(typed)
    },
  }
}
