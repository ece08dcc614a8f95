import { openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'

/* A worker to be killed: takes the job `bench.lost`, says so, and never ends it. */
const connection = JSON.parse(process.argv[2] ?? '{}')
const jobs = openJobs({ connection, log: silentLog, ...realSeams })
jobs.work('bench.lost', async () => {
  process.stdout.write('taken\n')
  await new Promise(() => setInterval(() => {}, 1000))
})
await jobs.start()
process.stdout.write('ready\n')
