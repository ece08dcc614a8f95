import { Button, Group } from '@mantine/core'
import type { Credential } from '#connections/credential.contract.ts'
import type { TokenPanel } from '#connections/token.contract.ts'
import { LinkButton } from '../design/links.tsx'
import { Verdict } from '../design/verdict.tsx'
import { useGetToken } from './get-token.ts'
import { whoMustActWords } from './words.ts'

/** Whose move it is when a token is in trouble, and the button that makes it. Testing has its own button on the panel. */
export function TokenMove({ credential, token }: { credential: Credential; token: TokenPanel }) {
  const { whoMustAct, button } = token
  if (whoMustAct === null) return null
  return (
    <Group gap="md">
      <Verdict meaning={whoMustAct === 'nobody' ? 'neutral' : 'attention'}>{whoMustActWords[whoMustAct]}</Verdict>
      {button?.does === 'sign_in' ? <SignIn credential={credential} label={button.label} /> : null}
      {button?.does === 'open_oauth_app' && credential.oauthEntityProfile !== null ? (
        <LinkButton
          to="/console/oauth-apps/$id"
          params={{ id: credential.oauthEntityProfile.oauthApp.id }}
          variant="default"
          size="xs"
        >
          {button.label}
        </LinkButton>
      ) : null}
    </Group>
  )
}

function SignIn({ credential, label }: { credential: Credential; label: string }) {
  const getToken = useGetToken(credential.id)
  if (!credential.mayGetToken) return null
  return (
    <Button size="xs" loading={getToken.isPending} onClick={() => getToken.mutate({ chooseAnotherAccount: false })}>
      {label}
    </Button>
  )
}
