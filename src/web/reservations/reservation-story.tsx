import type { Story } from '#sync/story.contract.ts'
import { JsonView } from '../design/json-view.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { SideBySide } from '../design/side-by-side.tsx'
import styles from './reservation-story.module.css'
import { StoryLines } from './story-lines.tsx'
import { agreedWords, copyRows, roomWords } from './story-words.ts'

type ReservationStoryProps = { story: Story; roomName: string }

/** What each copy of the meeting says, whose event it is, what was decided and why, and what was proposed. */
export function ReservationStory({ story, roomName }: ReservationStoryProps) {
  const { link, room, json } = story
  return (
    <>
      {link === null ? (
        <p className={styles.note}>There is no event in Outlook that belongs to it.</p>
      ) : (
        <Link link={link} />
      )}
      <p className={styles.note}>{agreedWords(story)}</p>
      {room === null ? (
        <p className={styles.note}>
          {roomName}’s own calendar has not been read with this meeting in it, so only the organizer’s event is known.
        </p>
      ) : (
        <>
          <SideBySide
            caption="What each copy says"
            leftTitle="Here"
            rightTitle={`In the calendar of ${roomName}`}
            rows={copyRows(story, room)}
          />
          <p className={styles.note}>{roomWords(room, story.timeZone)}</p>
        </>
      )}
      <StoryLines story={story} />
      {json === null ? null : <JsonView value={json} what="As it is stored" />}
    </>
  )
}

function Link({ link }: { link: NonNullable<Story['link']> }) {
  const { mailbox, actsAs, bornOutside, eventId, iCalUId, etag, error } = link
  return (
    <KeyValue
      items={[
        { label: 'Event in', value: mailbox },
        { label: 'Made', value: bornOutside ? 'In Outlook' : 'Here' },
        { label: 'Written with', value: actsAs === null ? null : permissions[actsAs] },
        { label: 'Event id', value: eventId === null ? null : <code>{eventId}</code> },
        { label: 'iCalUId', value: iCalUId === null ? null : <code>{iCalUId}</code> },
        { label: 'ETag', value: etag === null ? null : <code>{etag}</code> },
        { label: 'Last trouble', value: error === null ? null : error.say },
      ]}
    />
  )
}

const permissions = {
  application: 'the application’s permission',
  delegated: 'the delegated mailbox’s permission',
  personal: 'the person’s own permission',
} as const
