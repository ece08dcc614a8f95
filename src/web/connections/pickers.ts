import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listAliases } from '#connections/alias.contract.ts'
import { listCredentials } from '#connections/credential.contract.ts'
import { listEntityProfiles } from '#connections/oauth-app.contract.ts'
import { listRetryPolicies } from '#connections/retry-policy.contract.ts'
import { asking } from '../shell/queries.ts'
import type { Option } from '../shell/record-picker.tsx'
import { credentialTypeWords, integrationTypeWords } from './words.ts'

const pageSize = 50

function query(q: string): { q?: string; pageSize: number } {
  return q === '' ? { pageSize } : { q, pageSize }
}

export function useAliasOptions(q: string): readonly Option[] {
  const { data } = useQuery({ ...asking(listAliases, { query: query(q) }), placeholderData: keepPreviousData })
  return (data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

export function useCredentialOptions(q: string): readonly Option[] {
  const { data } = useQuery({ ...asking(listCredentials, { query: query(q) }), placeholderData: keepPreviousData })
  return (data?.rows ?? []).map(({ id, name, type, integrationType }) => ({
    value: id,
    label: `${name} (${type === 'oauth2' ? integrationTypeWords[integrationType] : credentialTypeWords[type]})`,
  }))
}

export function useRetryPolicyOptions(q: string): readonly Option[] {
  const { data } = useQuery({ ...asking(listRetryPolicies, { query: query(q) }), placeholderData: keepPreviousData })
  return (data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
}

export function useProfileOptions(q: string): readonly Option[] {
  const { data } = useQuery({ ...asking(listEntityProfiles, { query: query(q) }), placeholderData: keepPreviousData })
  return (data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
}
