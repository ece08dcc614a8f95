import { Checkbox, Stack } from '@mantine/core'
import type { GrantType } from '#connections/contract.ts'
import type { EntityScope } from '#connections/oauth-app.contract.ts'
import { ChoiceField, ReadOnlyField, SwitchField, TextField, WholeRow } from '../design/fields.tsx'
import { TextLink } from '../design/links.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import { grantCautions, grantTypeWords, optionsOf } from './words.ts'

const grantOptions = optionsOf(grantTypeWords)

export type EntityProfileValues = {
  name: string
  grantType: GrantType
  isDefault: boolean
  scopeIds: string[]
}

type EntityProfileFieldsProps = {
  form: RecordForm<EntityProfileValues>
  oauthApp: { id: string; name: string }
  scopes: readonly EntityScope[]
  readOnly: boolean
}

export function EntityProfileFields({ form, oauthApp, scopes, readOnly }: EntityProfileFieldsProps) {
  const { field } = form
  const grant = field('grantType')
  const chosen = field('scopeIds')
  return (
    <>
      <TextField label="Name" required {...field('name')} readOnly={readOnly} />
      <ReadOnlyField label="OAuth provider">
        <TextLink to="/console/oauth-apps/$id" params={{ id: oauthApp.id }}>
          {oauthApp.name}
        </TextLink>
      </ReadOnlyField>
      <ChoiceField
        label="Grant type"
        hint={grantCautions[grant.value]}
        {...grant}
        onChange={(value) =>
          grant.onChange(grantOptions.find((option) => option.value === value)?.value ?? grant.value)
        }
        options={grantOptions}
        readOnly={readOnly}
      />
      <SwitchField
        label="Default"
        hint="Offered first to new credentials."
        {...field('isDefault')}
        readOnly={readOnly}
      />
      <WholeRow>
        <Checkbox.Group
          label="OAuth Entity Profile Scopes"
          value={chosen.value}
          onChange={(ids) => chosen.onChange(ids.toSorted())}
          error={chosen.error ?? undefined}
          readOnly={readOnly}
        >
          <Stack gap="xs" mt="xs">
            {scopes.map(({ id, scope }) => (
              <Checkbox key={id} value={id} label={scope} disabled={readOnly} />
            ))}
            {scopes.length === 0 ? 'The provider has no scopes yet. Add them on its form.' : null}
          </Stack>
        </Checkbox.Group>
      </WholeRow>
    </>
  )
}
