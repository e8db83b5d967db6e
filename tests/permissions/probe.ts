/** Asks for every route as everybody, and says where an answer is another one than the matrix of permissions says. */
import { type Permission, PERMISSIONS, type Role } from '@weir/contract';
import { CASES, type Case } from './cases.ts';
import { type Caller, CHANNEL_SHOP, type Reply, SHOP, type World } from './world.ts';

/** Roles that may not open the field that the case of `:reveal` asks for; who may open what is a matrix of its own. */
const REVEALS_NOTHING: readonly (Role | null)[] = ['owner', 'integration'];
const REVEAL = 'POST /v1/orders/{key}:reveal';
const IMPORT = 'POST /v1/orders:import';

type Expected = 'let in' | 'unauthenticated' | 'forbidden' | 'shop forbidden' | 'not there' | 'let in, seeing nothing';

/** What the matrix says, read by hand and not by the server's own code. */
function expectedOf(address: string, permission: Permission, { role, reach, readsOnly }: Caller, one: Case): Expected {
  if (permission === 'anybody') return 'let in';
  if (role === null || (readsOnly && !address.startsWith('GET '))) return 'unauthenticated';
  const { roles, shops } = permission;
  if (!roles.includes(role) || (shops === 'every' && reach !== 'every shop')) return 'forbidden';
  if (shops === 'maker') {
    if (role === 'admin' && reach === 'every shop') return 'let in';
    return one.missing === undefined ? 'let in, seeing nothing' : 'not there';
  }
  if (reach === 'another shop' && shops !== 'none') {
    if (address === IMPORT) return 'let in, seeing nothing';
    if (one.missing !== undefined) return 'not there';
    return shops === 'written' ? 'shop forbidden' : 'let in, seeing nothing';
  }
  return address === REVEAL && REVEALS_NOTHING.includes(role) ? 'forbidden' : 'let in';
}

const NO = {
  unauthenticated: 'request.unauthenticated',
  forbidden: 'request.forbidden',
  'shop forbidden': 'request.shop_forbidden',
} as const;
const isGood = ({ status }: Reply, { good }: Case): boolean => (good ? good.includes(status) : status >= 200 && status < 300);

function fits(expected: Expected, one: Case, reply: Reply, world: World): boolean {
  if (expected in NO) return reply.code === NO[expected as keyof typeof NO];
  if (expected === 'not there') return reply.code === one.missing;
  if (expected === 'let in')
    return isGood(reply, one) || (one.letIn !== undefined && [reply.code, String(reply.status)].includes(one.letIn));
  const seen = [SHOP, CHANNEL_SHOP, world.orderKey].filter((word) => reply.text.includes(word));
  return isGood(reply, one) && seen.length === 0 && !/"(created|count|orders)":[1-9]/.test(reply.text);
}

/** The sentences that are wrong; none when all is as the matrix says. `only`: of these addresses. */
export async function probe(world: World, only?: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const [address, one] of Object.entries(CASES)) {
    if (only !== undefined && !only.includes(address)) continue;
    const permission = PERMISSIONS[address];
    if (permission === undefined) {
      wrong.push(`${address} does not stand in the matrix`);
      continue;
    }
    for (const caller of world.callers) {
      const expected = expectedOf(address, permission, caller, one);
      const wish = await (expected === 'let in' ? one.wish : (one.inVain ?? one.wish))(world);
      const headers = address === 'POST /v1/logout' ? { ...caller, headers: {} } : caller; // it would end the session that others need
      const reply = await world.ask(headers, address.split(' ')[0] as string, wish);
      if (!fits(expected, one, reply, world))
        wrong.push(`${address} as ${caller.name}: expected ${expected}, got ${reply.status} ${reply.text.slice(0, 200)}`);
    }
  }
  return wrong;
}
