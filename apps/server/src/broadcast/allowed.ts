/** Which addresses an installation lets webhooks go to. Pure. */
import { BlockList, isIP } from 'node:net';
import { isSpecialAddress } from './special-address.ts';

/** False: public ones only. True: inner ones too. Or these networks as well as public ones. */
export type Allowed = boolean | BlockList;

/** Never, whatever is allowed: here a machine of a cloud is told its secrets, and link-local addresses need no webhook. Sources: the clouds' manuals, read 2026-11-26. */
const NEVER_V4 = [
  ['169.254.0.0', 16], // link-local; 169.254.169.254 of most clouds
  ['100.100.100.200', 32], // Aliyun
  ['168.63.129.16', 32], // Azure
  ['192.0.0.192', 32], // Oracle
] as const;
const NEVER_V6 = [
  ['fe80::', 10], // link-local
  ['fd00:ec2::254', 128], // AWS
  ['fd20:ce::254', 128], // Google
  // The same behind a translator: NAT64, 6to4
  ['64:ff9b::a9fe:0', 112],
  ['64:ff9b::6464:64c8', 128],
  ['2002:a9fe::', 32],
  ['2002:6464:64c8::', 48],
] as const;
const never = new BlockList();
for (const [net, bits] of NEVER_V4) never.addSubnet(net, bits, 'ipv4'); // seen through IPv4-mapped IPv6 as well
for (const [net, bits] of NEVER_V6) never.addSubnet(net, bits, 'ipv6');

/** `networks` as the setting has them: `10.1.0.0/16`, `192.168.3.7`, `fd12::/48`. */
export function allowedOf(networks: boolean | readonly string[]): Allowed {
  if (typeof networks === 'boolean') return networks;
  const list = new BlockList();
  for (const [net = '', bits] of networks.map((each) => each.split('/'))) {
    const family = familyOf(net);
    list.addSubnet(net, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return list;
}
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

export function mayGoTo(address: string, allowed: Allowed): boolean {
  if (isIP(address) === 0 || address.includes('%') || never.check(address, familyOf(address))) return false;
  if (allowed === true || !isSpecialAddress(address)) return true;
  return allowed !== false && allowed.check(address, familyOf(address));
}
