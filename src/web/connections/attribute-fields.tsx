import type { AttributeOfConnection, AttributeValue } from '#connections/attribute.contract.ts'
import { ChoiceField, NumberField, TextField } from '../design/fields.tsx'
import { InheritedField } from '../design/inherited-field.tsx'

export type OwnAttributes = Record<string, AttributeValue | null>

/** A connection's own values; null inherits. */
export function ownAttributesOf(attributes: readonly AttributeOfConnection[]): OwnAttributes {
  return Object.fromEntries(attributes.map(({ name, value, source }) => [name, source === 'own' ? value : null]))
}

type AttributeFieldsProps = {
  attributes: readonly AttributeOfConnection[]
  own: OwnAttributes
  onChange: (own: OwnAttributes) => void
  readOnly: boolean
}

/** What the alias and its parents define, each as a field of its type that may be inherited. */
export function AttributeFields({ attributes, own, onChange, readOnly }: AttributeFieldsProps) {
  return attributes.map((attribute) => {
    const { name, type, label, description } = attribute
    const set = (value: AttributeValue | null) => onChange({ ...own, [name]: value })
    const value = own[name] ?? null
    const shared = { label, hint: description || undefined, readOnly }
    return (
      <InheritedField
        key={name}
        label={label}
        effective={inheritedOf(attribute)}
        own={value}
        show={(inherited) => sayValue(inherited)}
        onOverride={() => set(attribute.value ?? beginning[type])}
        onInherit={() => set(null)}
        readOnly={readOnly}
      >
        {type === 'number' ? (
          <NumberField {...shared} decimals value={Number(value)} onChange={(typed) => set(typed ?? 0)} />
        ) : type === 'boolean' ? (
          <ChoiceField
            {...shared}
            options={yesOrNo}
            value={String(value)}
            onChange={(typed) => set(typed === 'true')}
          />
        ) : (
          <TextField {...shared} value={String(value ?? '')} onChange={set} />
        )}
      </InheritedField>
    )
  })
}

const beginning = { string: '', number: 0, boolean: false } as const

const yesOrNo = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
]

export function sayValue(value: AttributeValue | null): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return value === null ? '' : String(value)
}

/** Nobody's value is an empty one, so that the field says where it would come from and not that it is unknown. */
function inheritedOf({ value, source, from }: AttributeOfConnection) {
  if (value === null) return { value: '', source: 'default' as const, from: 'nobody yet' }
  return { value, source, from }
}
