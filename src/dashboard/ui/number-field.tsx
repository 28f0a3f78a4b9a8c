// A whole number with its unit; empty is allowed where nothing is a value.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Field, Input } from './field.tsx';

export interface NumberFieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly value: number | null;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  /** May be left empty. */
  readonly optional?: boolean;
  readonly onChange: (value: number | null) => void;
  readonly className?: string;
}

export function NumberField({
  label,
  hint,
  error,
  value,
  min,
  max,
  step = 1,
  optional = false,
  onChange,
  className,
}: NumberFieldProps) {
  // What is being typed, empty for a moment while another number is: shown as it is until the field is left.
  const [typed, setTyped] = useState<string>();
  return (
    <Field label={label} hint={hint} error={error} {...(className && { className })}>
      {(control) => (
        <Input
          {...control}
          type="number"
          inputMode="numeric"
          className="numbers max-w-40"
          value={typed ?? value ?? ''}
          min={min}
          max={max}
          step={step}
          onChange={(event) => {
            const { value: text } = event.target;
            setTyped(text);
            if (text !== '') onChange(Math.round(Number(text)));
            else if (optional) onChange(null);
          }}
          onBlur={() => setTyped(undefined)}
        />
      )}
    </Field>
  );
}
