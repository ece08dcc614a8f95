import { expect, test } from 'vitest'
import type { Change } from './live.ts'
import { publishSeldom } from './publish-seldom.ts'

const change = (topic: Change['topic'], id: string): Change => ({ topic, id, userId: null })

function open() {
  const told: string[] = []
  let end = () => {}
  const publish = publishSeldom(({ id }) => void told.push(id), {
    topics: ['sync'],
    everyMs: 1_000,
    wait: () => new Promise<void>((resolve) => (end = resolve)),
  })
  const pauseEnds = async () => {
    end()
    // What waited for the end of the pause runs before this does.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { told, publish, pauseEnds }
}

test('of a topic that changes all the time the first goes out at once and the last at the end of the pause', async () => {
  const { told, publish, pauseEnds } = open()
  for (const id of ['1', '2', '3']) publish(change('sync', id))
  expect(told).toEqual(['1'])
  await pauseEnds()
  expect(told).toEqual(['1', '3'])
  await pauseEnds()
  publish(change('sync', '4'))
  expect(told).toEqual(['1', '3', '4'])
})

test('every other topic goes out as it comes', () => {
  const { told, publish } = open()
  for (const id of ['1', '2', '3']) publish(change('reservation', id))
  expect(told).toEqual(['1', '2', '3'])
})
