import { useEffect } from 'react';
import type { Faults } from './faults.ts';

/** A field, or the first one of a group. */
const FAULTY = ':is(input, select, textarea)[aria-invalid="true"], fieldset[aria-invalid="true"] input';

/** Where something is wrong in the open dialog, there the keyboard goes on, and it comes into view. */
export function useFocusOnFault(faults: Faults): void {
  useEffect(() => {
    if (Object.keys(faults).length > 0) document.querySelector<HTMLElement>(`.ant-modal :is(${FAULTY})`)?.focus();
  }, [faults]);
}
