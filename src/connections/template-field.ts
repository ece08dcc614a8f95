import type { TemplateField } from './template.contract.ts'

/** Fields that several templates have. */

export const nameField: TemplateField = {
  name: 'name',
  label: 'Name',
  hint: 'Of all the records; the alias writes it with underscores.',
  kind: 'text',
  required: true,
  options: [],
}

export const accountField: TemplateField = {
  name: 'expectedAccount',
  label: 'Delegated user',
  hint: 'E-mail of the account that everything is done as. No other account is accepted.',
  kind: 'email',
  required: true,
  options: [],
}
