/** One's own views, as this browser keeps them. Pure. */
import { type OrderSearch, readSearch } from './filters.ts';

export interface SavedView {
  readonly name: string;
  readonly search: OrderSearch;
}
const VIEWS_LIMIT = 12;

/** What is kept may be from an older console or edited by hand: what cannot be read is left out. */
export function readSavedViews(text: string | null): readonly SavedView[] {
  try {
    const views: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(views) ? views.flatMap(readView).slice(0, VIEWS_LIMIT) : [];
  } catch {
    return [];
  }
}
function readView(raw: unknown): SavedView[] {
  const { name, search } = (raw ?? {}) as { name?: unknown; search?: unknown };
  if (typeof name !== 'string' || name === '' || typeof search !== 'object' || search === null) return [];
  return [{ name, search: readSearch(search as Record<string, unknown>) }];
}

/** The same name again replaces; the oldest leaves when there are too many. */
export const withView = (views: readonly SavedView[], view: SavedView): readonly SavedView[] =>
  [...withoutView(views, view.name), view].slice(-VIEWS_LIMIT);
export const withoutView = (views: readonly SavedView[], name: string): readonly SavedView[] => views.filter((view) => view.name !== name);
