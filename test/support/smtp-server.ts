import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'

export type ReceivedLetter = { from: string; to: string[]; message: string; overTls: boolean; user: string | null }

/** A mail server on loopback: as much of RFC 5321, 3207 (STARTTLS) and 4954 (AUTH) as a client that sends letters can notice. */
export type SmtpServer = {
  host: string
  port: number
  letters: ReceivedLetter[]
  /** Every line a client sent, per connection, as it came over the wire. */
  said: string[][]
  /** Answers that are given instead of the usual ones, by the command's first word; `hang` never answers, `drop` hangs up. */
  instead: Record<string, string | 'hang' | 'drop'>
  close: () => Promise<void>
}

export type SmtpServerOptions = {
  certificate?: { key: string; cert: string }
  /** TLS from the first byte, instead of STARTTLS. */
  secure?: boolean
  accounts?: Record<string, string>
}

export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const sockets = new Set<Socket>()
  const served: Pick<SmtpServer, 'letters' | 'said' | 'instead'> = { letters: [], said: [], instead: {} }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    new Session(served, options).begin(socket)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...served,
    host: 'localhost',
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

class Session {
  readonly #served: Pick<SmtpServer, 'letters' | 'said' | 'instead'>
  readonly #options: SmtpServerOptions
  readonly #lines: string[] = []
  #socket: Socket | null = null
  #overTls = false
  #user: string | null = null
  #from = ''
  #to: string[] = []
  #rest = ''
  /** Takes the next line instead of the commands: the lines of a letter, or the steps of a sign-in. */
  #take: ((line: string) => void) | null = null

  constructor(served: Pick<SmtpServer, 'letters' | 'said' | 'instead'>, options: SmtpServerOptions) {
    this.#served = served
    this.#options = options
    served.said.push(this.#lines)
  }

  begin(socket: Socket): void {
    if (this.#options.secure === true) this.#secured(socket)
    else this.#listenTo(socket)
    this.#say(this.#served.instead.CONNECT ?? '220 mail.test ESMTP')
  }

  #listenTo(socket: Socket): void {
    this.#socket = socket
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => this.#receive(String(chunk)))
  }

  #secured(socket: Socket): void {
    socket.removeAllListeners('data')
    const secureContext = createSecureContext(this.#options.certificate)
    this.#overTls = true
    this.#listenTo(new TLSSocket(socket, { isServer: true, secureContext }))
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\r\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      this.#lines.push(line)
      if (this.#take === null) this.#obey(line)
      else this.#take(line)
    }
  }

  #obey(line: string): void {
    const [command = ''] = line.toUpperCase().split(' ', 1)
    const instead = this.#served.instead[command]
    if (instead !== undefined) this.#say(instead)
    else this.#answer(command, line)
  }

  #answer(command: string, line: string): void {
    const [, address = ''] = /<([^>]*)>/.exec(line) ?? []
    if (command === 'EHLO') this.#greet()
    else if (command === 'STARTTLS') this.#startTls()
    else if (command === 'AUTH') this.#authenticate(line)
    else if (command === 'MAIL' || command === 'RCPT') this.#envelope(command, address)
    else if (command === 'DATA') this.#data()
    else this.#say(command === 'QUIT' ? '221 bye' : '250 ok')
  }

  #greet(): void {
    const { certificate, accounts } = this.#options
    const offers = ['mail.test', '8BITMIME', 'SIZE 1000000']
    if (certificate !== undefined && !this.#overTls) offers.push('STARTTLS')
    if (accounts !== undefined) offers.push('AUTH PLAIN')
    for (const [index, offer] of offers.entries()) this.#say(`250${index === offers.length - 1 ? ' ' : '-'}${offer}`)
  }

  #startTls(): void {
    const socket = this.#socket
    this.#say('220 go ahead')
    if (socket !== null) this.#secured(socket)
  }

  /** RFC 4616: `authorization NUL user NUL password`, in base64. */
  #authenticate(line: string): void {
    const [, , initial] = line.split(' ')
    if (initial === undefined) {
      this.#take = (encoded) => this.#judge(encoded)
      this.#say('334 ')
    } else this.#judge(initial)
  }

  #judge(encoded: string): void {
    this.#take = null
    const [, user = '', password = ''] = Buffer.from(encoded, 'base64').toString().split('\0')
    const holds = this.#options.accounts?.[user] === password
    if (holds) this.#user = user
    this.#say(holds ? '235 welcome' : `535 5.7.8 ${user} is not let in with ${password}`)
  }

  #envelope(command: 'MAIL' | 'RCPT', address: string): void {
    const isStranger = this.#options.accounts !== undefined && this.#user === null
    if (command === 'MAIL') this.#from = address
    else this.#to.push(address)
    this.#say(isStranger ? '530 5.7.0 sign in first' : '250 ok')
  }

  #data(): void {
    const message: string[] = []
    this.#say('354 go on')
    this.#take = (line) => {
      if (line === '.') this.#keep(message)
      else message.push(line.replace(/^\./, ''))
    }
  }

  #keep(message: readonly string[]): void {
    this.#take = null
    const refused = this.#served.instead.END
    if (refused === undefined) {
      const envelope = { from: this.#from, to: this.#to, overTls: this.#overTls, user: this.#user }
      this.#served.letters.push({ ...envelope, message: message.join('\r\n') })
    }
    this.#to = []
    this.#say(refused ?? '250 kept')
  }

  #say(text: string): void {
    if (text === 'hang') return
    if (text === 'drop') this.#socket?.destroy()
    else this.#socket?.write(`${text}\r\n`)
  }
}
