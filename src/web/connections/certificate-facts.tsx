import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { browser } from '../browser.ts'
import { CopyText } from '../design/copy-text.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { When } from '../design/when.tsx'

type ShownCertificate = { subject: string; sha1: string; sha256: string; notBefore: string; expiresAt: string }

/** What a certificate says, for comparing it with what the other side shows. */
export function CertificateFacts({ certificate }: { certificate: ShownCertificate }) {
  const { subject, sha1, sha256, notBefore, expiresAt } = certificate
  return (
    <KeyValue
      items={[
        { label: 'Subject', value: subject },
        { label: 'Thumbprint', value: <CopyText text={sha1} what="thumbprint" /> },
        { label: 'SHA-256', value: <CopyText text={sha256} what="SHA-256 thumbprint" /> },
        { label: 'Valid from', value: <When at={notBefore} variant="absolute" /> },
        { label: 'Expires', value: <When at={expiresAt} variant="absolute" /> },
      ]}
    />
  )
}

/** The certificate as a file, to be uploaded at the provider or given to a server. It holds no secret. */
export function DownloadCertificate({ name, pem }: { name: string; pem: string }) {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={14} aria-hidden="true" />}
      onClick={() => downloadCertificate(name, pem)}
    >
      Download certificate
    </Button>
  )
}

export function downloadCertificate(name: string, pem: string): void {
  const [own = ''] = pem.split(/(?<=-----END CERTIFICATE-----\n?)/)
  browser.download(`${name.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}.cer`, own, 'application/x-pem-file')
}
