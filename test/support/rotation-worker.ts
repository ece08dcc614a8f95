import { sealedColumns } from '#connections/sealed-values.ts'
import { openDatabase } from '#db/database.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { keepPresent } from '#vault/presence.ts'
import { advanceRotation } from '#vault/rotation.ts'
import type { SealedColumn } from '#vault/sealed-column.ts'
import { openVault } from '#vault/vault.ts'

/*
 * A process that takes a change of key as far as it goes, until nothing is left under an old key. Says `batch` after each batch that it has
 * committed, so that it can be killed there, and `done`.
 */
type Work = { connection: object; rootKeyFile: string }
const work: Work = JSON.parse(process.argv[2] ?? '{}')
const db = openDatabase(work.connection)
const vault = await openVault({ db, rootKeyFile: work.rootKeyFile, seams: realSeams, log: silentLog })
const leave = await keepPresent({ db, vault, log: silentLog, seams: realSeams })

const columns = sealedColumns.map(
  (column): SealedColumn => ({
    ...column,
    replace: async (executor, changes) => {
      const replaced = await column.replace(executor, changes)
      if (changes.length > 0) process.stdout.write('batch\n')
      return replaced
    },
  }),
)

for (;;) {
  await advanceRotation({ db, vault, log: silentLog, columns })
  const { pending, left } = await db
    .selectFrom('vault_keys')
    .select((select) => [
      select.fn.countAll<string>().filterWhere('state', '=', 'pending').as('pending'),
      select.fn.countAll<string>().filterWhere('state', '=', 'decrypt_only').as('left'),
    ])
    .executeTakeFirstOrThrow()
  const old = await db.selectFrom('vault_keys').select('id').where('state', '=', 'decrypt_only').execute()
  const counts = old.flatMap(({ id }) => columns.map((column) => column.countUnder(db, Number(id))))
  const values = (await Promise.all(counts)).reduce((sum, one) => sum + one, 0)
  if (pending === '0' && left !== '0' && values === 0) break
  await realSeams.wait(100)
}
await leave()
process.stdout.write('done\n')
process.exit(0)
