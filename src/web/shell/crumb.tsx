import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'

const CrumbContext = createContext<{ name: string | null; setName: (name: string | null) => void }>({
  name: null,
  setName: () => {},
})

/** Holds the name of the record on screen, so that the breadcrumbs above the page can end with it. */
export function CrumbProvider({ children }: { children: ReactNode }) {
  const [name, setName] = useState<string | null>(null)
  const value = useMemo(() => ({ name, setName }), [name])
  return <CrumbContext.Provider value={value}>{children}</CrumbContext.Provider>
}

export function useCrumbName(): string | null {
  return useContext(CrumbContext).name
}

/** A record page says what it shows; the breadcrumb is gone when the page is. */
export function useRecordCrumb(name: string | null): void {
  const { setName } = useContext(CrumbContext)
  useEffect(() => {
    setName(name)
    return () => setName(null)
  }, [name, setName])
}
