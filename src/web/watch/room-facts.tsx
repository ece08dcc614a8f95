import type { WatchedRoom } from '#watch/contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { When } from '../design/when.tsx'
import { methodWords } from './watch-words.ts'

/** How and when a room is read, and what comparisons found. */
export function RoomFacts({ watched }: { watched: WatchedRoom }) {
  const { method, identity, say, state, window, drift, driftFound } = watched
  return (
    <KeyValue
      items={[
        { label: 'How', value: method === null ? 'Nothing works yet' : methodWords[method] },
        { label: 'With the permission of', value: identity },
        { label: 'Why so', value: state === 'watching' ? say : null },
        { label: 'Last read', value: moment(watched.readAt, 'Not yet') },
        { label: 'Next read', value: moment(watched.nextReadAt, null) },
        { label: 'Unread since', value: moment(watched.unreadSince, 'Everything that was told of has been read') },
        { label: 'Told by Microsoft', value: <Told notified={watched.notified} /> },
        { label: 'All of it read', value: moment(watched.wholeReadAt, 'Not yet') },
        { label: 'From', value: window === null ? null : <When at={window.startsAt} variant="absolute" /> },
        { label: 'Until', value: window === null ? null : <When at={window.endsAt} variant="absolute" /> },
        { label: 'Compared', value: moment(watched.comparedAt, 'Not yet') },
        { label: 'Next comparison', value: moment(watched.nextCompareAt, null) },
        { label: 'Missed', value: `${drift} by the last comparison, ${driftFound} in all` },
        { label: 'Tried out', value: moment(watched.probedAt, 'Not yet') },
        { label: 'Tried again', value: moment(watched.nextProbeAt, null) },
      ]}
    />
  )
}

function moment(at: string | null, otherwise: string | null) {
  return at === null ? otherwise : <When at={at} />
}

function Told({ notified }: Pick<WatchedRoom, 'notified'>) {
  if (notified === null) return 'There is no subscription, so it is read without being told'
  if (notified.at === null) return 'Nothing yet: until then it is read every minute'
  return (
    <>
      <When at={notified.at} />
      {notified.isProven ? null : '. That is long ago, so it is read every minute'}
    </>
  )
}
