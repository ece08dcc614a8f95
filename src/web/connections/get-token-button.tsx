import { Button, Tooltip } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import type { Credential } from '#connections/credential.contract.ts'
import type { RecordForm } from '../shell/record-form.ts'
import type { CredentialValues } from './credential-values.ts'
import { useGetToken } from './get-token.ts'

/**
 * Get OAuth Token. What was typed is saved first, so that the sign-in is for what the form shows; if that is refused,
 * the form says why and no sign-in begins. On a Personal credential there is no such button, and the panel says why.
 */
export function GetTokenButton({ credential, form }: { credential: Credential; form: RecordForm<CredentialValues> }) {
  const getToken = useGetToken(credential.id)
  if (credential.integrationType === 'personal') return null
  const because = form.dirty ? null : credential.mayNotGetTokenBecause
  const begin = async () => {
    if (form.dirty && !(await form.submit())) return
    getToken.mutate({ chooseAnotherAccount: false })
  }
  const button = (
    <Button
      variant="default"
      leftSection={<IconKey size={16} aria-hidden="true" />}
      loading={getToken.isPending}
      disabled={form.saving}
      data-disabled={because === null ? undefined : true}
      aria-disabled={because !== null}
      onClick={because === null ? () => void begin() : (event) => event.preventDefault()}
    >
      Get OAuth Token
    </Button>
  )
  return because === null ? (
    button
  ) : (
    <Tooltip label={because} multiline maw={320}>
      {button}
    </Tooltip>
  )
}
