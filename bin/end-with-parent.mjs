/*
 * Loaded before a program that the supervisor starts (`node --import`). When the supervisor is killed, the channel to it
 * breaks and the program stops as if it had been asked to, instead of keeping its port and its database for ever.
 */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
