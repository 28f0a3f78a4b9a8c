// Who takes over when a vendor fails: the usual ones, one of the owner's choice, or nobody.

import { texts } from '../../texts/texts.ts';
import { Field, Select } from '../../ui/field.tsx';

const { callers } = texts;
const USUAL = 'usual';
const NOBODY = 'nobody';

type Chain = readonly string[] | null;

export interface FallbackFieldProps {
  readonly label: string;
  readonly error: string | undefined;
  readonly value: Chain;
  /** Those that may take over. */
  readonly choices: readonly string[] | undefined;
  /** What people call them, where that is not the same. */
  readonly names?: Readonly<Record<string, string>>;
  readonly onChange: (value: string[] | null) => void;
}

/** A chain of several, set by a program, is shown and kept until another choice is made. */
export function FallbackField({
  label,
  error,
  value,
  choices = [],
  names = {},
  onChange,
}: FallbackFieldProps) {
  const current = value === null ? USUAL : value.length === 0 ? NOBODY : value.join(', ');
  const chains = [...new Set([...choices, ...(value && value.length > 0 ? [current] : [])])];
  return (
    <Field label={label} error={error}>
      {(control) => (
        <Select
          {...control}
          value={current}
          options={[
            { value: USUAL, label: callers.usual },
            ...chains.map((chain) => ({
              value: chain,
              label: chain
                .split(', ')
                .map((each) => names[each] ?? each)
                .join(', '),
            })),
            { value: NOBODY, label: callers.nobody },
          ]}
          onChange={({ target }) => {
            if (target.value === USUAL) onChange(null);
            else onChange(target.value === NOBODY ? [] : target.value.split(', '));
          }}
        />
      )}
    </Field>
  );
}
