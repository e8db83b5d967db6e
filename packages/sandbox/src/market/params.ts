/** Business parameters of a call as they came; the platform takes a number where it wants text. */
export type Params = Readonly<Record<string, unknown>>;

export function textIn(params: Params, name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
