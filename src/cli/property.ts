import type { Command } from 'commander'
import { listProperties, type Property, setProperty } from '#providers/property.contract.ts'
import { withApiOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type Options = ApiOptions & { json?: boolean }

/** `anteroom property ...` over the REST API: settings of calendar synchronization. */
export function addPropertyCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('property').description('settings of calendar synchronization')
  withApiOptions(noun.command('list').description('every property, its value, and what it does')).action(
    (options: Options) => list(surroundings, options),
  )
  withApiOptions(noun.command('set <name> <value>').description('give a property a value')).action(
    (name: string, value: string, options: Options) => set(surroundings, name, value, options),
  )
  withApiOptions(noun.command('reset <name>').description('give a property back the value that it ships with')).action(
    (name: string, options: Options) => change(surroundings, { name, value: null }, options),
  )
}

async function list(surroundings: Surroundings, options: Options): Promise<void> {
  const { properties } = await callApi(surroundings, options, listProperties, {})
  if (options.json) return surroundings.print(JSON.stringify({ properties }, null, 2))
  const rows = properties.map((one) => [one.name, valueText(one), one.isSet ? '' : 'shipped', one.says])
  surroundings.print(tableText(['Name', 'Value', '', 'What it does'], rows))
}

/** A word on the command line is a text; the property itself says what it must become. */
async function set(surroundings: Surroundings, name: string, word: string, options: Options): Promise<void> {
  const { properties } = await callApi(surroundings, options, listProperties, {})
  const property = properties.find((one) => one.name === name)
  if (property === undefined) {
    const names = properties.map((one) => one.name).join(', ')
    throw new CommandProblem(`There is no property ${name}. There are: ${names}.`)
  }
  return change(surroundings, { name, value: read(property, word) }, options)
}

function read({ kind, name }: Property, word: string): Property['value'] {
  if (kind === 'choice') return word
  if (kind === 'number' && word.trim() !== '' && Number.isFinite(Number(word))) return Number(word)
  if (kind === 'switch' && ['true', 'on', 'false', 'off'].includes(word)) return word === 'true' || word === 'on'
  throw new CommandProblem(`${name} takes ${kind === 'switch' ? 'on or off' : 'a number'}, not ${word}.`)
}

async function change(
  surroundings: Surroundings,
  { name, value }: { name: string; value: Property['value'] | null },
  options: Options,
): Promise<void> {
  const property = await callApi(surroundings, options, setProperty, { params: { name }, body: { value } })
  if (options.json) return surroundings.print(JSON.stringify(property, null, 2))
  surroundings.print(`${name} is ${valueText(property)}${property.isSet ? '' : ', as it ships'}.`)
}

function valueText({ kind, value, unit }: Property): string {
  if (kind === 'switch') return value ? 'on' : 'off'
  return unit === null ? String(value) : `${value} ${unit}`
}
