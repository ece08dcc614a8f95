import { openDatabase } from '#db/database.ts'
import { realSeams } from '#kit/seams.ts'
import { passing } from '#pace/pace.ts'

/** A process that takes every slot of a mailbox, says `in`, and never gives them back: its parent kills it. */
const { connection, application, mailbox, slotMs, count } = JSON.parse(process.argv[2] ?? '{}')
const db = openDatabase(connection)
let inside = 0
for (let index = 0; index < count; index++) {
  void passing({ db, seams: realSeams, slotMs }, { application, mailbox, urgency: 'bulk' }, () => {
    if (++inside === count) process.stdout.write('in\n')
    return new Promise<Response>(() => undefined)
  })
}
