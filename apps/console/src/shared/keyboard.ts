/** Whether a key belongs to a field or a dialog and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  return target?.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="listbox"]') !== null && target !== null;
}
