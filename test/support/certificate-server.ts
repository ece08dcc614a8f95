import { createServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { generate } from 'selfsigned'
import { trustedCertificate } from './certificate.ts'

export type IssuedCertificate = { certificate: string; privateKey: string }

export type CertificateServer = {
  port: number
  /** Of the server itself, for another process to trust. */
  certificate: string
  /** A certificate of the authority that the server trusts, or of one that it does not know. */
  issue: (name: string, by?: 'trusted' | 'stranger') => Promise<IssuedCertificate>
  /** Who made each request, as the certificate says. */
  seen: { name: string; path: string; socket: number }[]
  close: () => Promise<void>
}

/** A server that lets in whoever shows a certificate of its authority, over real TLS, and nobody else. */
export async function startCertificateServer(): Promise<CertificateServer> {
  const authorities = { trusted: await authority('Trusted'), stranger: await authority('Stranger') }
  const seen: CertificateServer['seen'] = []
  const sockets: Socket[] = []
  const own = await trustedCertificate()
  const server = createServer({ ...own, requestCert: true, ca: [authorities.trusted.cert] }, (request, response) => {
    const name = String((request.socket as TLSSocket).getPeerCertificate().subject.CN)
    const path = String(request.url)
    seen.push({ name, path, socket: sockets.findIndex((socket) => socket.remotePort === request.socket.remotePort) })
    response.writeHead(path.includes('/refused') ? 401 : 200).end(`hello ${name}`)
  })
  server.on('connection', (socket) => sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    certificate: own.cert,
    issue: async (name, by = 'trusted') => {
      const { private: key, cert } = authorities[by]
      const made = await generate([{ name: 'commonName', value: name }], {
        keySize: 2048,
        ca: { key, cert },
        extensions: [{ name: 'extKeyUsage', clientAuth: true }],
      })
      return { certificate: made.cert, privateKey: made.private }
    },
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function authority(name: string) {
  return generate([{ name: 'commonName', value: name }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true },
    ],
  })
}
