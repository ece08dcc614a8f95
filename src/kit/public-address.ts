import { BlockList, isIP } from 'node:net'

/**
 * Is this a machine on the open internet? Everything else is refused as a destination of a call: this machine, the networks around it, the
 * metadata services of clouds, and every IPv6 form that hides an IPv4 address (mapped, NAT64, 6to4, Teredo), which a filter of IPv4 ranges
 * would let through. The ranges are IANA's special-purpose registries (RFC 6890).
 */
export function isPublicAddress(address: string): boolean {
  const bare = address.split('%', 1)[0] ?? ''
  const family = isIP(bare)
  if (family === 4) return !notPublic.check(bare, 'ipv4')
  return family === 6 && globalUnicast.check(bare, 'ipv6') && !notPublic.check(bare, 'ipv6')
}

/** The only part of IPv6 that is routed; what is special within it is taken out below. */
const globalUnicast = ranges(['2000::/3'])

const notPublic = ranges([
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // behind a carrier's address translation
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // a cloud's own services, at a public address
  '169.254.0.0/16', // link-local; metadata services
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '2001::/23', // protocol assignments, with Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
])

function ranges(list: readonly string[]): BlockList {
  const blocks = new BlockList()
  for (const range of list) {
    const [network = '', bits] = range.split('/')
    blocks.addSubnet(network, Number(bits), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return blocks
}
