import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type Authorization, readAuthorization } from '#connections/token.contract.ts'
import { Banner } from '../design/banner.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { useGetToken } from './get-token.ts'

/** How the sign-in ended that the browser has just come back from: whose token is stored, or why none is. */
export function AuthorizationOutcome({
  authorizationId,
  credentialId,
}: {
  authorizationId: string
  credentialId: string
}) {
  const { data, error } = useQuery(asking(readAuthorization, { params: { id: authorizationId } }))
  if (error) return <Banner meaning="attention">{asProblem(error).detail}</Banner>
  if (data === undefined || data.credential.id !== credentialId) return null
  if (data.outcome === 'stored') return <Stored authorization={data} />
  if (data.outcome === 'refused') return <Refused authorization={data} credentialId={credentialId} />
  return <Banner meaning="waiting">The sign-in is not finished. Finish it on Microsoft’s page, or begin again.</Banner>
}

function Stored({ authorization }: { authorization: Authorization }) {
  const navigate = useNavigate()
  return (
    <Banner
      meaning="good"
      title={`The token of ${authorization.actualName ?? 'the delegated user'} is stored`}
      action={
        <Button size="xs" variant="default" onClick={() => void navigate({ to: '.', search: {}, replace: true })}>
          Close
        </Button>
      }
    >
      {authorization.say}
    </Banner>
  )
}

function Refused({ authorization, credentialId }: { authorization: Authorization; credentialId: string }) {
  const getToken = useGetToken(credentialId)
  const { expectedName, actualName, say } = authorization
  const wrongAccount = expectedName !== null && actualName !== null
  return (
    <Banner
      meaning="refused"
      title={wrongAccount ? 'Another account signed in. Nothing was stored.' : 'No token was stored.'}
      action={
        <Button
          size="xs"
          loading={getToken.isPending}
          onClick={() => getToken.mutate({ chooseAnotherAccount: wrongAccount })}
        >
          {wrongAccount ? 'Choose another account' : 'Try again'}
        </Button>
      }
    >
      <Text mb="xs">{say}</Text>
      {wrongAccount ? (
        <KeyValue
          items={[
            { label: 'Expected', value: expectedName },
            { label: 'Signed in', value: actualName },
          ]}
        />
      ) : null}
    </Banner>
  )
}
