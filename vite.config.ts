import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The web pages: source in src/web, result in .build/web, served by the server itself under a strict content policy. */
export default defineConfig({
  root: 'src/web',
  plugins: [react()],
  build: {
    outDir: '../../.build/web',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing inlined as data: addresses, which the content policy refuses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 800,
  },
})
