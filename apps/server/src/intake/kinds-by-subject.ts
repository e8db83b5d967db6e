/** One kind made of several, one for each kind of subject; each sees its own entries only. */
import type { SubjectKind } from '@weir/contract/subject';
import type { Kind } from './kinds.ts';
import type { Entry } from './segment.ts';

type Parts = ReadonlyMap<SubjectKind, unknown>;

export function kindsBySubject(kinds: ReadonlyMap<SubjectKind, Kind>): Kind<Parts, Parts> {
  const ofKind = (entries: readonly Entry[], kind: SubjectKind): readonly Entry[] =>
    entries.every((entry) => entry.subject.kind === kind) ? entries : entries.filter((entry) => entry.subject.kind === kind);
  return {
    async load(sql, entries, unsaved) {
      const loaded = new Map<SubjectKind, unknown>();
      for (const [name, kind] of kinds) {
        const own = ofKind(entries, name);
        if (own.length > 0) loaded.set(name, await kind.load(sql, own, unsaved?.get(name)));
      }
      return loaded;
    },
    fold(before, entries, issuer, now, poisoned) {
      const folded = [...before].map(([name, loaded]) => {
        const kind = kinds.get(name) as Kind;
        return { name, ...kind.fold(loaded, ofKind(entries, name), issuer, now, poisoned) };
      });
      return {
        after: new Map(folded.map(({ name, after }) => [name, after])),
        events: folded.flatMap((each) => each.events),
        outcomes: folded.flatMap((each) => each.outcomes).toSorted((a, b) => a.position - b.position),
        thrown: new Map(folded.flatMap((each) => [...(each.thrown ?? [])])),
      };
    },
    save: (after) => [...after].flatMap(([name, part]) => (kinds.get(name) as Kind).save(part)),
  };
}
