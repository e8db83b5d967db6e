/** Changes a real payload as the world would: cut, doubled, other types, other numbers, hostile text. The same seed changes it the same way. */
export interface Random {
  /** 0 ≤ whole number < most. */
  below(most: number): number;
}

/** mulberry32: small, seeded, not for secrets. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return {
    below(most) {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * most);
    },
  };
}

const NO_VALUES: readonly unknown[] = [null, true, false, 0, -1, 1.5, 2 ** 53 + 2, 1e300, '', ' ', [], {}, [[]], [null], { toString: 1 }];
const TEXTS = [
  '0',
  '-0',
  '00',
  '1e5',
  '+1',
  '6930000000000002002A',
  'x'.repeat(3_000),
  '9'.repeat(30),
  '\u0000',
  '\ud800',
  '__proto__',
  '2026-02-26',
  '{"p_id":',
  '[]',
];
const NUMBERS = ['105', '77', 3, 4, 12, 28, 39, 103, 255, 1771723800, 1771723800000, '1771723800'];
const HOSTILE: readonly unknown[] = [...NO_VALUES, ...TEXTS, ...NUMBERS];
const NAMES = ['__proto__', 'toString', 'data', 'tag', 'shop_id', 'order_id', 'items', 'shop_order_list', 'process_info', ''];
const BYTE_ORDER_MARK = '\ufeff';
const MAX_CHANGES = 4;

export function mutate(payload: Buffer, random: Random): Buffer {
  if (random.below(8) === 0) return breakBytes(payload, random);
  let value: unknown = JSON.parse(payload.toString().replace(BYTE_ORDER_MARK, ''));
  for (let left = 1 + random.below(MAX_CHANGES); left > 0; left--) value = change(value, random);
  return Buffer.from(JSON.stringify(value) ?? '');
}

function breakBytes(payload: Buffer, random: Random): Buffer {
  const at = random.below(payload.length);
  const cut = payload.subarray(0, at);
  if (random.below(2) === 0) return cut;
  return Buffer.concat([cut, Buffer.of(random.below(256)), payload.subarray(at + random.below(3))]);
}

/** Walks down a random way and changes what it finds there; JSON in a text is opened and closed again. */
function change(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && /^[[{]/.test(value) && random.below(4) > 0) return changeInside(value, random);
  const isBranch = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isBranch || random.below(10) === 0) return HOSTILE[random.below(HOSTILE.length)];
  return Array.isArray(value) ? changeList(value, random) : changeObject(value as Record<string, unknown>, random);
}

function changeInside(text: string, random: Random): string {
  try {
    return JSON.stringify(change(JSON.parse(text), random)) ?? '';
  } catch {
    return text.slice(random.below(text.length));
  }
}

function changeList(list: readonly unknown[], random: Random): unknown[] {
  const at = random.below(list.length);
  if (random.below(5) === 0) return [...list, list[at]];
  if (random.below(8) === 0) return list.toSpliced(at, 1);
  return list.with(at, change(list[at], random));
}

function changeObject(object: Readonly<Record<string, unknown>>, random: Random): Record<string, unknown> {
  const names = Object.keys(object);
  const name = names[random.below(names.length)] ?? '';
  const { [name]: chosen, ...rest } = object;
  if (random.below(12) === 0) return rest;
  if (random.below(20) === 0) return { ...rest, [NAMES[random.below(NAMES.length)] ?? '']: chosen };
  return { ...object, [name]: change(chosen, random) };
}
