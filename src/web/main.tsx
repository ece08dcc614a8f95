import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import '@fontsource-variable/inter/index.css'
import './design/tokens.css'
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { cssVariablesResolver, theme } from './design/theme.ts'
import { queryClient } from './shell/queries.ts'
import { router } from './shell/router.tsx'

// Times are Temporal everywhere; browsers that do not have it yet fetch it, the others never do.
if (!('Temporal' in globalThis)) await import('temporal-polyfill/global')

// zod would otherwise probe for `new Function`, which the content policy refuses and the console reports.
z.config({ jitless: true })

const colorScheme = localStorageColorSchemeManager({ key: 'anteroom.colour-scheme' })
const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorScheme}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" autoClose={6000} limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
