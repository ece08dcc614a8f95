import { personalAlias } from '#providers/acting.ts'
import type { Check } from '../finding.ts'

export const personalPermission: Check = {
  key: 'personal-permission',
  title: 'People can give their own permission where personal mode asks for it',
  find: ({ providers, personalRefusal }) => {
    if (personalRefusal === null || !providers.some(({ active, mode }) => active && mode === 'personal')) return []
    const [, name = ''] = personalAlias.split('.')
    return [
      {
        check: 'personal-permission',
        meaning: 'refused',
        subject: name,
        say: `Nobody can reserve in their own calendar: ${personalRefusal}`,
        action: 'Finish the set-up of the personal alias.',
        link: '/console',
      },
    ]
  },
}
