import { readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Where the PostgreSQL of all test runs of this user lives. It writes without fsync, so a crash of the machine ruins it:
 * the name holds the machine's boot, and after a crash a new one is made.
 */
export const testDataDir = path.join(os.tmpdir(), `anteroom-test-${os.userInfo().uid}-${bootName()}`)
export const keeperLog = `${testDataDir}.keeper.log`

/** Held shared by whoever is using the server's own database, exclusively by the keeper that is about to stop it. */
export const keeperGate = 4402

function bootName(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
  } catch {
    return 'boot'
  }
}
