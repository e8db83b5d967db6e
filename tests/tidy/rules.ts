import { posix } from 'node:path';
import { filesOf, importsOf, readSource, resolveImport, type Complaint, type House } from './house.ts';

const ROOM = /^apps\/server\/src\/([^/]+)\//;
const CODE = /\.(ts|tsx|mts)$/;
const IS_TEST = /\.test(-support)?\.tsx?$/;

const roomOf = (path: string): string | null => ROOM.exec(path)?.[1] ?? null;

/** Rooms are entered by their door; packages by their name. */
export function doorsAreUsed(house: House): Complaint[] {
  return filesOf(house, CODE).flatMap(([path, text]) => importsOf(text).flatMap((wanted) => doorComplaint(path, wanted)));
}

function doorComplaint(path: string, wanted: string): Complaint[] {
  if (path.startsWith('tests/canary/')) return []; // takes single masks away on purpose, to see itself fail
  const target = resolveImport(path, wanted);
  if (target === null)
    return /^#[^/]+\/./.test(wanted)
      ? [`${path}: imports ${wanted}; write '${wanted.split('/')[0]}' and export what you need from that room's index.ts`]
      : [];
  const room = roomOf(target);
  if (room !== null && room !== roomOf(path) && !target.endsWith(`/${room}/index.ts`)) {
    return [`${path}: reaches behind the door of ${room} (${wanted}); import from '#${room}' and export what you need from its index.ts`];
  }
  const [top, name] = target.split('/');
  if (top === 'packages' && !path.startsWith(`packages/${name}/`)) return [`${path}: imports ${wanted}; write '@weir/${name}'`];
  return [];
}

/** platform knows no business word, broadcast has never heard of orders. */
const STRANGERS: readonly (readonly [room: string, forbidden: RegExp])[] = [
  ['platform', /^(#|@weir\/)/],
  ['broadcast', /^#(orders|review|intake)$|^@weir\/core/],
];
export function roomsKnowTheirPlace(house: House): Complaint[] {
  return filesOf(house, ROOM).flatMap(([path, text]) => {
    const rule = STRANGERS.find(([room]) => room === roomOf(path));
    if (rule === undefined || IS_TEST.test(path)) return [];
    return importsOf(text)
      .filter((wanted) => rule[1].test(wanted))
      .map((wanted) => `${path}: ${rule[0]} must not know ${wanted}; let main.ts pass in what it needs`);
  });
}

const CORE = /^packages\/core\/src\/.*\.ts$/;
/** Test builders that several test files share. */
const TEST_SUPPORT = /\/arbitrary-[^/]+\.ts$|\/testing\//;
const CORE_MAY_IMPORT = /^(\.|@weir\/contract|@weir\/core|node:crypto$|node:assert$)/;
const IMPURE =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bperformance\b|\bprocess\b|\bfetch\s*\(|\brandom(?:Bytes|UUID|Int)\b|\bgetRandomValues\b|\bconsole\b/g;

/** Decisions take the clock and the dice as arguments. */
export function coreIsPure(house: House): Complaint[] {
  return filesOf(house, CORE).flatMap(([path, text]) => {
    if (IS_TEST.test(path) || TEST_SUPPORT.test(path)) return [];
    const imports = importsOf(text).filter((wanted) => !CORE_MAY_IMPORT.test(wanted));
    const uses = readSource(text).code.match(IMPURE) ?? [];
    return [...imports, ...uses].map((found) => `${path}: uses ${found}; core is pure: take the value as an argument`);
  });
}

const MAY_HOLD_SQL = /^apps\/server\/src\/(platform\/|.*\/?([a-z0-9-]+-)?store(-[a-z0-9-]+)?\.ts$)/;
const SQL =
  /^\s*(?:select\b[^]*\bfrom\b|insert\s+into\b|update\s+[\w.]+(?:\s+(?:as\s+)?\w+)?\s+set\b|delete\s+from\b|with\s+\w+\s*(?:\([^)]*\)\s*)?as\s*(?:materialized\s*)?\(|create\s+(?:table|index|unique)\b|alter\s+table\b|truncate\s|copy\s+\w+\s*[(f])/i;

export function sqlLivesInStores(house: House): Complaint[] {
  return filesOf(house, /^apps\/server\/src\/.*\.ts$/).flatMap(([path, text]) => {
    if (MAY_HOLD_SQL.test(path) || IS_TEST.test(path)) return [];
    return readSource(text)
      .strings.filter((string) => SQL.test(string))
      .map((string) => `${path}: holds SQL (${string.trim().slice(0, 40)}…); move it to the room's store.ts`);
  });
}

const README_LINES = 40;

export function roomsHaveReadmes(house: House): Complaint[] {
  const rooms = new Set([...house.keys()].map(roomOf).filter((room) => room !== null));
  return [...rooms].flatMap((room) => {
    const path = `apps/server/src/${room}/README.md`;
    const text = house.get(path);
    if (text === undefined) return [`${path}: missing; say what the room promises, its door, its tables, what it emits`];
    const lines = linesOf(text);
    return lines > README_LINES ? [`${path}: ${lines} lines, at most ${README_LINES}; shorten it`] : [];
  });
}

const NOTE = [/why/i, /lock/i, /duration|ten million|how long/i, /undo/i] as const;

export function migrationsHaveNotes(house: House): Complaint[] {
  return filesOf(house, /^database\/migrations\/.*\.sql$/).flatMap(([path, text]) => {
    const lines = text.split('\n');
    const isComplete = NOTE.every((word, index) => lines[index]?.startsWith('--') && word.test(lines[index]));
    return isComplete
      ? []
      : [`${path}: must open with four comment lines: why, locks, duration on ten million rows, undo (see database/README.md)`];
  });
}

const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

export function linksAreAlive(house: House): Complaint[] {
  const folders = new Set([...house.keys()].flatMap(parentsOf));
  return filesOf(house, /\.md$/).flatMap(([path, text]) => {
    const prose = text.replaceAll(/```[^]*?```|`[^`\n]*`/g, '');
    return [...prose.matchAll(LINK)].flatMap(([, target = '']) => {
      if (/^([a-z]+:|#)/.test(target)) return [];
      const wanted = posix.join(posix.dirname(path), decodeURI(target.split('#')[0] ?? ''));
      const isThere = house.has(wanted) || folders.has(wanted.replace(/\/$/, '')) || /\.(png|svg|jpg|pdf)$/.test(wanted);
      return isThere ? [] : [`${path}: links to ${target}, which is not there; mend or remove the link`];
    });
  });
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** Written in parts, so that this file does not complain about itself. */
const MACHINE_PATH = new RegExp(`(?:^|[\\s'"\`(=:,])/(?:${['root', 'work', 'home/[a-z]\\w*', 'Users/\\w+'].join('|')})/`, 'm');

export function nothingNamesAMachine(house: House): Complaint[] {
  const paths = [...house]
    .filter(([, text]) => MACHINE_PATH.test(text))
    .map(([path]) => `${path}: names an absolute path of one machine; make it relative`);
  const lock = house.get('package-lock.json') ?? '';
  const addresses = /"resolved": "https?:/.test(lock)
    ? ['package-lock.json: holds download addresses; run npm install with omit-lockfile-registry-resolved=true']
    : [];
  const registry = /^\s*registry\s*=/m.test(house.get('.npmrc') ?? '') ? ['.npmrc: names a registry; leave that to each machine'] : [];
  return [...paths, ...addresses, ...registry];
}

const FILE_LINES = 400;
const MAY_BE_LONG = /(^|\/)(generated|fixtures|snapshots|__snapshots__)\/|(^|\/)schema[^/]*\.sql$/;

export function filesAreShort(house: House): Complaint[] {
  return filesOf(house, /\.(ts|tsx|mjs|mts|css|sql)$/).flatMap(([path, text]) => {
    const lines = linesOf(text);
    return lines > FILE_LINES && !MAY_BE_LONG.test(path)
      ? [`${path}: ${lines} lines, at most ${FILE_LINES}; look for the second question in it`]
      : [];
  });
}

function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}
