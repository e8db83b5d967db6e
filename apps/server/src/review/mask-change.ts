/** A change as a person is shown it: its place as far as that may be told, its values with everything personal masked. */
import { masked, shownPointer } from '#web';
import type { Change } from './edits.ts';

export const maskChange = ({ pointer, before, after }: Change): Change => ({
  pointer: shownPointer(pointer),
  before: masked(before, pointer),
  after: masked(after, pointer),
});
