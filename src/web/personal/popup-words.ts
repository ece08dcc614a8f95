import type { Meaning } from '../design/meaning.tsx'
import type { PopupStep } from './popup-steps.ts'

/** What each step of a sign-in means to the person: what happened, why, and the way on. */
export type PopupWords = {
  meaning: Meaning
  title: string
  text: string
  /** The verb that goes on from here; null while nothing is asked of the person. */
  way: { verb: string; chooseAnotherAccount: boolean } | null
  offerThisPage: boolean
}

const again = (verb: string) => ({ verb, chooseAnotherAccount: false })

/** `kept` is the sentence about what waits behind the pop-up, such as "Your reservation is kept." */
export function popupWords(step: PopupStep, kept: string): PopupWords | null {
  const words = wordsOf(step)
  return words && { offerThisPage: false, way: null, ...words, text: `${words.text} ${kept}`.trim() }
}

type Words = Omit<PopupWords, 'offerThisPage' | 'way'> & Partial<Pick<PopupWords, 'offerThisPage' | 'way'>>

function wordsOf(step: PopupStep): Words | null {
  switch (step.is) {
    case 'idle':
      return null
    case 'starting':
    case 'signing_in':
      return { meaning: 'waiting', title: 'Waiting for you in Microsoft’s window', text: 'Sign in there and agree.' }
    case 'blocked':
      return {
        meaning: 'attention',
        title: 'Your browser blocked Microsoft’s window',
        text: 'Allow pop-ups for this site in the address bar and open it again, or sign in on this page instead.',
        way: again('Open it again'),
        offerThisPage: true,
      }
    case 'closed':
      return {
        meaning: 'attention',
        title: 'The window was closed before you finished',
        text: 'Nothing was stored.',
        way: again('Open it again'),
        offerThisPage: true,
      }
    case 'stored':
      return { meaning: 'good', title: 'Thank you, Anteroom has your permission', text: '' }
    case 'failed':
      return { meaning: 'refused', title: 'The sign-in could not start', text: step.say, way: again('Try again') }
    case 'refused':
      return refusedWords(step.refusal)
  }
}

function refusedWords({
  kind,
  say,
  expectedName,
  actualName,
}: Extract<PopupStep, { is: 'refused' }>['refusal']): Words {
  switch (kind) {
    case 'wrong_account':
      return {
        meaning: 'refused',
        title: 'That was another account',
        text: `You signed in as ${actualName ?? 'another account'}, but this needs ${expectedName ?? 'your own account'}. Nothing was stored.`,
        way: { verb: 'Choose another account', chooseAnotherAccount: true },
      }
    case 'denied':
      return {
        meaning: 'attention',
        title: 'You did not give permission',
        text: 'Without it Anteroom cannot write into your calendar. Nothing was stored.',
        way: again('Ask me again'),
      }
    case 'expired':
      return {
        meaning: 'attention',
        title: 'The sign-in took too long',
        text: 'For your safety it ends after 10 minutes. Nothing was stored.',
        way: again('Start again'),
      }
    case 'other':
      return { meaning: 'refused', title: 'Microsoft did not give permission', text: say, way: again('Try again') }
  }
}
