/** Whether this person may ask for something: by the same matrix by which the server judges. What may not be done is not offered. */
import { PERMISSIONS } from '@weir/contract/permissions';
import type { Me } from '../api/types.ts';

/** What the page of an endpoint shows first. */
export const OPENS_ENDPOINT = 'GET /v1/endpoints/{id}/deliveries';

export function may(me: Pick<Me, 'role' | 'shops'> | undefined, address: string): boolean {
  const permission = Object.hasOwn(PERMISSIONS, address) ? PERMISSIONS[address] : undefined;
  if (permission === undefined || permission === 'anybody') return permission === 'anybody';
  if (me === undefined || !permission.roles.includes(me.role)) return false;
  return permission.shops !== 'every' || (me.shops ?? null) === null;
}
