import { Button, Text } from '@mantine/core'
import { useState } from 'react'
import type { z } from 'zod'
import type { apiToken } from '#people/api-token.contract.ts'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { When } from '../design/when.tsx'
import styles from './api-token-list.module.css'
import { scopeList } from './token-scope-words.ts'

type ApiToken = z.output<typeof apiToken>
type ApiTokenListProps = {
  tokens: readonly ApiToken[]
  busy: boolean
  problem: string | null
  onRevoke: (id: string) => Promise<void>
}

export function ApiTokenList({ tokens, busy, problem, onRevoke }: ApiTokenListProps) {
  const [asked, setAsked] = useState<ApiToken | null>(null)
  return (
    <>
      {problem === null ? null : (
        <Text c="red" role="alert">
          {problem}
        </Text>
      )}
      <ul className={styles.list}>
        {tokens.map((token) => (
          <li key={token.id} className={styles.item}>
            <div className={styles.words}>
              <div>{token.name}</div>
              <div className={styles.facts}>
                <span>an_pat_{token.publicId}…</span>
                <span>for {scopeList(token.scopes)}</span>
                <span>
                  works until <When at={token.expiresAt} variant="absolute" />
                </span>
                <span>
                  {token.lastUsedAt === null ? (
                    'never used'
                  ) : (
                    <>
                      used <When at={token.lastUsedAt} />
                    </>
                  )}
                </span>
              </div>
            </div>
            <Button
              variant="subtle"
              color="red"
              size="xs"
              aria-label={`Revoke ${token.name}`}
              onClick={() => setAsked(token)}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={asked !== null}
        title={`Revoke “${asked?.name ?? ''}”?`}
        confirm="Revoke"
        danger
        busy={busy}
        onCancel={() => setAsked(null)}
        onConfirm={() => asked && void onRevoke(asked.id).then(() => setAsked(null))}
      >
        Scripts that use it are refused from this moment on. This cannot be taken back.
      </ConfirmDialog>
    </>
  )
}
