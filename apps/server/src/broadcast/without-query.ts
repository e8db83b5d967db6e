/** An address as others than administrators, and the audit, see it: its query is often a token. Pure. */
export function withoutQuery(address: string): string {
  const { origin, pathname, search, hash } = new URL(address);
  return `${origin}${pathname}${search === '' && hash === '' ? '' : '?…'}`;
}
