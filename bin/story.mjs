import { run } from './launch.mjs'

/** How much of it, and which run again: `bin/story kill --rounds 100 --seed 7`. Everything else is for Vitest. */
const settings = { '--rounds': 'ANTEROOM_TEST_ROUNDS', '--seed': 'ANTEROOM_TEST_SEED' }

/** A virtual day each, as `bin/story chaos` has it. */
const aDay = ['--mode', 'chaos', '--operations', '200', '--seeds', '20']

const [name = '', ...more] = process.argv.slice(2)
// `bin/story sync` and `bin/story chaos` are no journeys of one person: they are many runs of the simulation (docs/simulation.md).
if (name === 'sync' || name === 'chaos')
  await run('test/simulation/main.ts', name === 'sync' ? more : [...aDay, ...more])
else await runStory()

async function runStory() {
  const rest = []
  for (let index = 0; index < more.length; index++) {
    const setting = settings[more[index]]
    if (setting === undefined) rest.push(more[index])
    else process.env[setting] = more[++index] ?? ''
  }
  await run('node_modules/vitest/vitest.mjs', ['run', `test/stories/${name}`, ...rest], { web: true })
}
