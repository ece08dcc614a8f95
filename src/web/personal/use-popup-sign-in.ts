import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useReducer, useRef } from 'react'
import { authorisePersonal, readAuthorization } from '#connections/token.contract.ts'
import { browser } from '../browser.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { hearAuthorizations } from './authorization-channel.ts'
import { awaitedAuthorization, nextStep, type PopupStep } from './popup-steps.ts'

/** How often we look whether the window is still there. */
const lookEveryMs = 400
/** How often the server is asked too: the message from the pop-up is lost when its browser keeps windows apart. */
const askEveryMs = 2_000

export type PopupSignIn = {
  step: PopupStep
  /** Opens the window and starts a sign-in. Call it directly in a click, or the browser blocks the window. */
  ask: (options?: { chooseAnotherAccount?: boolean }) => void
  /** The way without a pop-up: this page goes to Microsoft and comes back. */
  askOnThisPage: () => void
  /** Brings the open window to the front. */
  show: () => void
  dismiss: () => void
}

/** Microsoft's sign-in for one personal credential, in a pop-up over the page that needs it. */
export function usePopupSignIn(credentialId: string, comeBackTo = browser.here()): PopupSignIn {
  const [step, tell] = useReducer(nextStep, { is: 'idle' })
  const popup = useRef<Window | null>(null)
  const queries = useQueryClient()
  const awaited = awaitedAuthorization(step)
  const open = step.is === 'starting' || step.is === 'signing_in'

  const { data: authorization } = useQuery({
    ...asking(readAuthorization, { params: { id: awaited ?? '' } }),
    enabled: awaited !== null,
    refetchInterval: askEveryMs,
    refetchIntervalInBackground: true,
  })
  useEffect(() => {
    if (authorization) tell({ event: 'answered', authorization })
  }, [authorization])
  useEffect(() => {
    if (awaited === null) return
    const { queryKey } = asking(readAuthorization, { params: { id: awaited } })
    return hearAuthorizations((id) => id === awaited && void queries.invalidateQueries({ queryKey }))
  }, [awaited, queries])
  useEffect(() => {
    if (open) return browser.every(() => popup.current?.closed && tell({ event: 'window_closed' }), lookEveryMs)
  }, [open])
  useEffect(() => {
    if (step.is === 'stored' || step.is === 'refused') popup.current?.close()
    if (step.is !== 'stored') return
    void queries.invalidateQueries({ queryKey: ['connections'] })
    void queries.invalidateQueries({ queryKey: ['reservations'] })
  }, [step.is, queries])

  const ask: PopupSignIn['ask'] = ({ chooseAnotherAccount = false } = {}) => {
    popup.current?.close()
    const opened = openWaitingWindow()
    popup.current = opened
    tell({ event: 'asked', opened: opened !== null })
    if (opened === null) return
    const body = { openedIn: 'popup', returnTo: comeBackTo, chooseAnotherAccount } as const
    call(authorisePersonal, { params: { id: credentialId }, body })
      .then(({ authorizationId, url }) => {
        if (url !== null && !opened.closed) opened.location.assign(url)
        tell({ event: 'started', authorizationId })
      })
      .catch((thrown: unknown) => {
        opened.close()
        tell({ event: 'start_failed', say: asProblem(thrown).detail })
      })
  }
  const askOnThisPage = () => {
    const body = { openedIn: 'page', returnTo: comeBackTo } as const
    call(authorisePersonal, { params: { id: credentialId }, body })
      .then(({ url }) => url !== null && browser.goTo(url))
      .catch((thrown: unknown) => tell({ event: 'start_failed', say: asProblem(thrown).detail }))
  }
  return { step, ask, askOnThisPage, show: () => popup.current?.focus(), dismiss: () => tell({ event: 'dismissed' }) }
}

/** Empty windows look broken; this one says what it waits for until Microsoft's page takes its place. */
function openWaitingWindow(): Window | null {
  const opened = browser.openPopup('anteroom-sign-in')
  if (opened) {
    opened.document.title = 'Sign in'
    opened.document.body.textContent = 'Opening Microsoft’s sign-in…'
  }
  return opened
}
