/** Our order key in the seller's note: added once, changed in place, never a character of what people wrote taken away. */
const MARK = /【堰:([0-9A-Z]{1,40})】/g;
const markOf = (orderKey: string): string => `【堰:${orderKey}】`;

/** The note with our mark in it, or null when it is there already and nothing has to be written. Of several marks the first one stays. */
export function withOrderKey(note: string, orderKey: string): string | null {
  const marks = [...note.matchAll(MARK)];
  if (marks.length === 1 && marks[0]?.[1] === orderKey) return null;
  if (marks.length === 0) return note === '' ? markOf(orderKey) : `${note} ${markOf(orderKey)}`;
  let seen = 0;
  return note.replaceAll(MARK, () => (seen++ === 0 ? markOf(orderKey) : ''));
}
