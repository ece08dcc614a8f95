import type { GrantType } from './contract.ts'
import { exchangeTemplates } from './entra-templates.ts'
import { refused } from './errors.ts'
import { plainTemplates } from './plain-templates.ts'
import type { Template } from './template.contract.ts'

/** A template with what only the server needs: what the records are made of. */
export type Recipe = Template & {
  /** New aliases are children of this one, so that they take the place of its other children; null: they stand alone. */
  parentAlias: string | null
  /** Null where the credential needs no OAuth app. `scopes`: those that are always asked for; null where they are typed. */
  oauth: { grantType: GrantType; scopes: readonly string[] | null; by: 'tenant' | 'issuer' } | null
}

export const recipes: readonly Recipe[] = [...exchangeTemplates, ...plainTemplates]

/** @throws `connections.template_not_found` */
export function recipeOf(key: string): Recipe {
  const recipe = recipes.find((one) => one.key === key)
  if (recipe === undefined) throw refused('connections.template_not_found')
  return recipe
}
