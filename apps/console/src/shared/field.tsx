import { Input } from 'antd';
import type { ReactNode } from 'react';
import type { Setting } from '../api/channel-types.ts';

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly form?: Setting['form'];
  readonly isFixed?: boolean;
  readonly placeholder?: string;
}
/** As the server's own limits. */
const MOST_TEXT = 16_384;
const LINES = { minRows: 3, maxRows: 8 };

/** What is typed in, what is asked for, and what is wrong with it. What is secret is hidden, and no browser is asked to remember it. */
export function Field({ label, value, change, hint, fault, form = 'line', isFixed = false, placeholder }: FieldProps) {
  const given = {
    value,
    disabled: isFixed,
    maxLength: MOST_TEXT,
    spellCheck: false,
    'aria-label': label,
    'aria-invalid': fault !== undefined,
    ...(fault === undefined ? {} : { status: 'error' as const }),
    ...(placeholder === undefined ? {} : { placeholder }),
    onChange: (event: { readonly target: { readonly value: string } }) => change(event.target.value),
  };
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        {label}
      </span>
      {form === 'secret' && <Input.Password {...given} autoComplete="new-password" />}
      {form === 'line' && <Input {...given} autoComplete="off" />}
      {form === 'lines' && <Input.TextArea {...given} className="mono" autoSize={LINES} autoComplete="off" />}
      {fault !== undefined && (
        <small className="tone-bad" role="alert">
          {fault}
        </small>
      )}
      {hint !== undefined && <small className="soft">{hint}</small>}
    </div>
  );
}
