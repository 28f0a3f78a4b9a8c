// Something that is on or off, and what it means.

import { useId } from 'react';
import type { ReactNode } from 'react';
import { Switch as Radix } from 'radix-ui';
import { classes } from '../lib/class-names.ts';

export interface SwitchProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly className?: string;
}

export function Switch({
  label,
  hint,
  checked,
  disabled = false,
  onChange,
  className,
}: SwitchProps) {
  const id = useId();
  return (
    <div className={classes('flex items-start justify-between gap-4', className)}>
      <div className="min-w-0">
        <label htmlFor={id} className="block cursor-pointer text-sm font-medium">
          {label}
        </label>
        {hint && (
          <div id={`${id}-hint`} className="mt-0.5 text-xs text-faint">
            {hint}
          </div>
        )}
      </div>
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={classes(
          'relative mt-0.5 h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors',
          'data-[state=checked]:bg-accent disabled:opacity-55',
        )}
      >
        <Radix.Thumb
          className={classes(
            'block size-4 translate-x-0.5 rounded-full bg-on-accent shadow-card transition-transform',
            'data-[state=checked]:translate-x-4.5',
          )}
        />
      </Radix.Root>
    </div>
  );
}
