/** Every known way to make a webhook knock at a door inside: none may pass; and what only looks odd must. */
import { expect, test } from 'vitest';
import { AddressRefused, checkReachable, checkUrl } from './address.ts';
import { allowedOf, mayGoTo } from './allowed.ts';
import { isSpecialAddress } from './special-address.ts';

/** Hosts, one a word; each is tried as http://<host>/ . */
const hosts = (text: string): string[] => text.trim().split(/\s+/);

const ATTACKS: Readonly<Record<string, readonly string[]>> = {
  'loopback, private, shared and link-local': hosts(`
    127.0.0.1 127.0.0.1:80 127.0.0.53 127.255.255.254 127.1.2.3:8080 0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.1.2.3 10.255.255.255
    172.16.0.0 172.16.0.1 172.20.10.2 172.31.255.255 192.168.0.0 192.168.1.1 192.168.255.255 100.64.0.0 100.64.0.1 100.127.255.255 169.254.0.1 169.254.255.255`),
  'documentation, benchmarks, relays, multicast, reserved': hosts(`
    192.0.0.1 192.0.0.170 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255`),
  'metadata of clouds': hosts(`
    169.254.169.254/latest/meta-data/ 169.254.169.254:80 169.254.170.2/v2/credentials 169.254.169.123 169.254.0.23 169.254.10.10 100.100.100.200/latest/meta-data 192.0.0.192
    168.63.129.16/machine metadata.google.internal/computeMetadata/v1/ metadata.google.internal. METADATA.GOOGLE.INTERNAL instance-data.ec2.internal metadata
    [fd00:ec2::254] [fd20:ce::254] [fe80::a9fe:a9fe] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] 2852039166 0xA9FEA9FE 0251.0376.0251.0376 0xa9.0xfe.0xa9.0xfe 169.16689662
    1684300744 [64:ff9b::169.254.169.254] [2002:a9fe:a9fe::]`),
  'decimal, octal, hexadecimal and short': hosts(`
    2130706433 2130706433. 017700000001 0x7f000001 0x7F000001 0x7f.1 0x7f.0.1 0x7f.0x0.0x0.0x1 0177.0.0.1 0177.1 00000177.0.0.1 0177.0.0.01 127.1 127.0.1 127.65535 0 0x0 00
    0300.0250.1.1 0xc0.0xa8.0x1.0x1 192.168.257 3232235777 0xc0a80101 030052000401 10.1 0xa.1 012.1 167772161 0x0a000001 172.1048577 2886729729 0xac100001 4294967295 0xffffffff
    3758096385 100.4194305`),
  'trailing dots and names that stay inside': hosts(`
    127.0.0.1. 0x7f.1. localhost localhost. localhost.. LOCALHOST LocalHost. a.localhost a.b.localhost. localhost.localdomain localhost6.localdomain6.localdomain printer.local
    db.internal wiki.corp nas.home router.lan hub.home.arpa kubernetes kubernetes.default.svc.cluster.local host.docker.internal gateway.docker.internal intranet postgres redis. ip6-localhost
    1.0.0.127.in-addr.arpa 1.0.0.0.ip6.arpa`),
  'full-width, enclosed and other digits and letters': hosts(`
    １２７.０.０.１ １２７。０。０。１ 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.① ⑫7.0.0.1 𝟏𝟐𝟕.𝟎.𝟎.𝟏 𝟙𝟘.𝟘.𝟘.𝟙 １０.1 ⑩.⓪.⓪.① ¹²⁷.⁰.⁰.¹ ₁₂₇.₀.₀.₁ ０ｘ７ｆ．１ ②①③⓪⑦⓪⑥④③③ 1６9。254。169。254
    ⓛⓞⓒⓐⓛⓗⓞⓢⓣ ｌｏｃａｌｈｏｓｔ 𝐥𝐨𝐜𝐚𝐥𝐡𝐨𝐬𝐭 localhoſt 127.0.0%2e1 %31%32%37.0.0.1 %6cocalhost 127%2E0%2E0%2E1 12\u00ad7.0.0.1 127.0.0.1\u200b loc\u00adalhost local\u200bhost metadata.google.ｉnternal`),
  IPv6: hosts(`
    [::] [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::1]:8080 [fc00::1] [fd00::1] [fdff:ffff::1] [fe80::1] [febf::1] [fec0::1] [feff::1] [ff02::1] [ff05::2]
    [100::1] [100:0:0:1::1] [2001:db8::1] [3fff::1] [5f00::1] [2001:20::1] [2001:10::1] [2001:2::1] [4000::1] [::2]`),
  'IPv4 inside IPv6': hosts(`
    [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::FFFF:10.0.0.1] [::ffff:a00:1] [::ffff:192.168.0.1] [::ffff:100.100.100.200] [::ffff:0.0.0.0] [::ffff:172.16.0.1]
    [::127.0.0.1] [::7f00:1] [::10.0.0.1] [::ffff:0:127.0.0.1] [::ffff:0:7f00:1] [64:ff9b::7f00:1] [64:ff9b::10.0.0.1] [64:ff9b:1::10.0.0.1] [64:ff9b:1::7f00:1]
    [2002:7f00:1::] [2002:7f00:0001::1] [2002:a00:1::] [2002:c0a8:101::1] [2001::1] [2001:0:53aa:64c:0:0:80ff:fffe] [2001:0:a00:1::1] [2400:1::5efe:10.0.0.1] [2400:1:1:1:200:5efe:c0a8:101]
    [2400:1:1:1:0:5efe:7f00:1]`),
  zones: hosts('[fe80::1%25eth0] [fe80::1%eth0] [::1%25lo] [fe80::1%251]'),
  'user names and paths that hide the host': hosts(`
    example.com@127.0.0.1 example.com:80@127.0.0.1 example.com%40@10.0.0.1 1.1.1.1@localhost user:secret@hooks.example.com @127.0.0.1 127.0.0.1\\@example.com 127.0.0.1\\.example.com
    127.0.0.1#@example.com 127.0.0.1?@example.com 127.0.0.1/@example.com 127.0.0.1#.example.com example.com@127.0.0.1#@1.1.1.1 user@1.1.1.1`),
  'ports of other protocols': hosts(`
    hooks.example.com:22 hooks.example.com:25 hooks.example.com:0 1.1.1.1:53 1.1.1.1:465 1.1.1.1:3306 1.1.1.1:5432 1.1.1.1:6379 1.1.1.1:11211 1.1.1.1:27017 [2606:4700::1111]:2375
    hooks.example.com:99999 hooks.example.com:-1`),
  'what is no host': hosts('256.1.1.1 4294967296 1.2.3.4.5 0x100000000 127.0.0.0x100 a.0x7f [::1 ::1 [::g] %00 127.0.0.1%00.example.com'),
};
const WHOLE = [
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://127.0.0.1:6379/_FLUSHALL',
  'dict://127.0.0.1:11211/stats',
  'ldap://127.0.0.1/',
  'jar:http://127.0.0.1!/',
  'javascript:alert(1)',
  'data:text/plain,x',
  'ws://127.0.0.1/',
  'unix:/var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/',
  'http:127.0.0.1',
  'http:/127.0.0.1/',
  'http:\\\\127.0.0.1\\',
  'http:///127.0.0.1/',
  'http://////127.0.0.1',
  ' http://127.0.0.1/',
  'ht\ntp://127.0.0.1/',
  'http://127.\t0.0.1/',
  'http://127.0.0.\r\n1/',
  'HTTP://127.0.0.1/',
  'https://127.0.0.1/',
  'https://[::1]/',
  '//127.0.0.1/',
  'http://',
  '',
];
const attacks = [
  ...Object.entries(ATTACKS).flatMap(([kind, list]) => list.map((host) => [kind, `http://${unescaped(host)}`] as const)),
  ...WHOLE.map((url) => ['other schemes and spellings', url] as const),
];
/** Invisible characters are written as escapes above, so that they are seen. */
function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

test('there are more than 150 attacks', () => {
  expect(new Set(attacks.map(([, url]) => url)).size).toBeGreaterThanOrEqual(150);
});

test.each(attacks)('%s: %j is refused', (_, url) => {
  expect(() => checkUrl(url, false)).toThrow(/may not go to|Invalid URL/);
});

const ODD_BUT_PUBLIC = [
  'https://hooks.example.com/weir',
  'https://hooks.example.com./weir',
  'http://hooks.example.com:8080/',
  'https://hooks.example.com:8443/?a=127.0.0.1',
  'https://1.1.1.1/',
  'http://16843009/',
  'http://0x01010101/',
  'http://8.8/',
  'http://9.255.255.255/',
  'http://11.0.0.0/',
  'http://100.63.255.255/',
  'http://100.128.0.0/',
  'http://126.255.255.255/',
  'http://128.0.0.1/',
  'http://169.253.255.255/',
  'http://169.255.0.0/',
  'http://172.15.255.255/',
  'http://172.32.0.0/',
  'http://192.167.255.255/',
  'http://192.169.0.0/',
  'http://192.0.1.1/',
  'http://198.17.255.255/',
  'http://198.20.0.0/',
  'http://223.255.255.255/',
  'http://168.63.129.17/',
  'http://[2606:4700:4700::1111]/',
  'http://[2400:3200::1]:8080/',
  'http://[::ffff:8.8.8.8]/',
  'http://[2001:4860:4860::8888]/',
  'http://[2003::1]/',
  'http://[2400:1::5efe]/',
  'https://127.0.0.1.example.com/',
  'https://localhost.example.com/',
  'https://internal.example.com/',
  'https://local-shop.example.com/',
  'https://10.example.com/',
  'https://订单.中国/',
  'https://xn--fiqs8s.xn--fiqs8s/',
  'https://hooks.example.com/@127.0.0.1',
  'https://hooks.example.com/http://127.0.0.1/',
];
test.each(ODD_BUT_PUBLIC)('%s is public and stays allowed', (url) => {
  expect(checkUrl(url, false).protocol).toMatch(/^https?:$/);
});

test('where private addresses are allowed, other schemes and user names are refused all the same', () => {
  expect(checkUrl('http://127.0.0.1:9/', true).port).toBe('9');
  for (const url of ['ftp://127.0.0.1/', 'http://user:secret@127.0.0.1/']) expect(() => checkUrl(url, true)).toThrow(AddressRefused);
  expect(() => checkUrl('http://user:secret@127.0.0.1/', true)).not.toThrow(/secret/);
});

const METADATA = hosts(`
  169.254.169.254 169.254.170.2 169.254.0.1 100.100.100.200 168.63.129.16 [fd00:ec2::254] [fd20:ce::254] [fe80::1] [::ffff:169.254.169.254] [::ffff:100.100.100.200] 2852039166 0xA9FEA9FE
  [64:ff9b::169.254.169.254] [2002:a9fe:a9fe::]`);
test.each(METADATA)('metadata and link-local: %s is refused whatever is allowed', (host) => {
  for (const allowed of [true, allowedOf(['0.0.0.0/0', '::/0'])])
    expect(() => checkUrl(`http://${host}/`, allowed)).toThrow(AddressRefused);
});

test('a name that means a metadata address today is refused also where private addresses are allowed', async () => {
  const to = (address: string) =>
    checkReachable('http://hooks.example.com/', true, (_, __, callback) => callback(null, [{ address, family: 4 }]));
  await expect(to('169.254.169.254')).rejects.toThrow(AddressRefused);
  await expect(to('10.1.2.3')).resolves.toBeUndefined();
});

test('where some networks are allowed, these and public addresses are, and no other', async () => {
  const allowed = allowedOf(['10.1.0.0/16', '192.168.3.7', 'fd12:3::/48']);
  const may = (host: string): boolean => {
    try {
      return checkUrl(`http://${host}/`, allowed).host !== '';
    } catch {
      return false;
    }
  };
  expect(
    hosts('10.1.0.1 10.1.255.255 192.168.3.7 [fd12:3::9] [::ffff:10.1.0.1] 1.1.1.1 erp.internal erp').filter((host) => !may(host)),
  ).toEqual([]);
  expect(hosts('10.2.0.1 10.0.255.255 192.168.3.8 [fd12:4::9] 127.0.0.1 [::1] 169.254.1.1 10.1.0.1:6379').filter(may)).toEqual([]);
  const named = (address: string) =>
    checkReachable('http://erp.internal/', allowed, (_, __, callback) => callback(null, [{ address, family: 4 }]));
  await expect(named('10.1.2.3')).resolves.toBeUndefined();
  await expect(named('127.0.0.1')).rejects.toThrow(AddressRefused);
  expect(mayGoTo('fe80::1%eth0', allowed)).toBe(false);
});

test.each(['fe80::1%eth0', '2606:4700::1111%eth0', '', 'localhost', '1.2.3', '::ffff:127.0.0.1', '2400::5efe:10.0.0.1'])(
  'an answer of a resolver that is %j is no public address',
  (address) => expect(isSpecialAddress(address)).toBe(true),
);
