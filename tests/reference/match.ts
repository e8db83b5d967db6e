/** Finds what is declared about a request that was really sent. */
import type { Declaration } from '../../apps/server/src/web/index.ts';

/** The router's own words turned back into the document's, on purpose not by the function that made them. */
export function pathOfRoute(url: string): string {
  return url
    .replaceAll(/:(\w+)(?:\(\^\[\^:\]\+\))?/g, (found, name: string, at: number) => (url[at - 1] === ':' ? found : `{${name}}`))
    .replaceAll('::', ':');
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
export function declarationFor(declared: readonly Declaration[], method: string, url: string): Declaration | undefined {
  const path = url.split('?')[0] as string;
  return declared.find(
    (each) => each.method === method && new RegExp(`^${escaped(each.path).replaceAll(/\{\w+\}/g, '[^/:]+')}$`).test(path),
  );
}
