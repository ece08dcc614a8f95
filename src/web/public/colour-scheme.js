// Runs before the first paint, so that a dark page never flashes white. A file of its own because the content policy refuses inline scripts.
;(() => {
  let chosen = 'auto'
  try {
    chosen = localStorage.getItem('anteroom.colour-scheme') ?? 'auto'
  } catch {
    // Storage may be blocked; the system's choice is fine then.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
