import { describe, expect, test } from 'vitest'
import type { PopupStep } from './popup-steps.ts'
import { popupWords } from './popup-words.ts'

const kept = 'Your reservation is kept.'
const refused = (kind: 'wrong_account' | 'denied' | 'expired' | 'other'): PopupStep => ({
  is: 'refused',
  refusal: { kind, say: 'Microsoft said no.', expectedName: 'Alice Meyer', actualName: 'Bob Tanaka' },
})

describe('the words of a sign-in', () => {
  test('a wrong account is named together with the right one, and another can be chosen', () => {
    const words = popupWords(refused('wrong_account'), kept)
    expect(words?.text).toBe(
      'You signed in as Bob Tanaka, but this needs Alice Meyer. Nothing was stored. Your reservation is kept.',
    )
    expect(words?.way).toEqual({ verb: 'Choose another account', chooseAnotherAccount: true })
  })

  test('every end that is not a success has a way on', () => {
    const ends: PopupStep[] = [
      { is: 'blocked' },
      { is: 'closed', authorizationId: null },
      { is: 'failed', say: 'The vault is sealed.' },
      refused('denied'),
      refused('expired'),
      refused('other'),
    ]
    for (const end of ends) expect(popupWords(end, kept)?.way).not.toBeNull()
  })

  test('a window that cannot be used can be done without', () => {
    expect(popupWords({ is: 'blocked' }, kept)?.offerThisPage).toBe(true)
    expect(popupWords({ is: 'closed', authorizationId: 'a1' }, kept)?.offerThisPage).toBe(true)
  })

  test('before anything happened there is nothing to say', () => {
    expect(popupWords({ is: 'idle' }, kept)).toBeNull()
  })
})
