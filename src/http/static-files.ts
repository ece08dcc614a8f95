import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import type { Router } from './mount.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.ico': 'image/x-icon',
}

type File = { type: string; body: Uint8Array<ArrayBuffer>; gzipped: Uint8Array<ArrayBuffer> | null; immutable: boolean }

/**
 * Serves the built web application from memory: a few hundred kilobytes, read once, so no request path ever touches the
 * disk. Every path that is neither a file nor an API answers with the page, since the application routes by itself.
 */
export function mountWeb(router: Router, folder: string): void {
  const files = readFolder(folder)
  router.app.get('*', async (context, next) => {
    const file = files.get(context.req.path)
    if (file) return send(context, file)
    const page = files.get('/index.html')
    if (page === undefined || /^\/(api|oauth|assets)\//.test(context.req.path)) return next()
    return send(context, page)
  })
}

function readFolder(folder: string): Map<string, File> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [`/${relative(folder, path)}`, readOne(path)]
    }),
  )
}

function readOne(path: string): File {
  const body = new Uint8Array(readFileSync(path))
  const extension = extname(path)
  const worthZipping = ['.html', '.js', '.css', '.svg', '.json'].includes(extension) && body.length > 1024
  return {
    type: types[extension] ?? 'application/octet-stream',
    body,
    gzipped: worthZipping ? new Uint8Array(gzipSync(body)) : null,
    immutable: path.includes('/assets/'),
  }
}

function send(context: Context, file: File): Response {
  const zip = file.gzipped !== null && /\bgzip\b/.test(context.req.header('accept-encoding') ?? '')
  return context.body(zip && file.gzipped ? file.gzipped : file.body, 200, {
    'Content-Type': file.type,
    Vary: 'Accept-Encoding',
    ...(zip ? { 'Content-Encoding': 'gzip' } : {}),
    ...(file.immutable ? { 'Cache-Control': 'public, max-age=31536000, immutable' } : {}),
  })
}
