// A field of a form: its label, the control, a hint, and what is wrong with it, tied together for screen readers.

import { useId } from 'react';
import type {
  InputHTMLAttributes,
  ReactNode,
  SelectHTMLAttributes,
  TextareaHTMLAttributes,
} from 'react';
import { ChevronDown, CircleAlert } from 'lucide-react';
import { classes } from '../lib/class-names.ts';

export interface ControlProps {
  readonly id: string;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: true | undefined;
}

export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value. */
  readonly error?: string | undefined;
  /** Beside the label, such as `optional`. */
  readonly note?: string;
  readonly className?: string;
  /** The label is for screen readers only. */
  readonly hideLabel?: boolean;
  readonly children: (control: ControlProps) => ReactNode;
}

export function Field({
  label,
  hint,
  error,
  note,
  className,
  hideLabel = false,
  children,
}: FieldProps) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div className={classes('min-w-0', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'mb-1.5 block text-sm font-medium'}>
        {label}
        {note && <span className="ml-1.5 font-normal text-faint">{note}</span>}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <div id={`${id}-hint`} className="mt-1.5 text-xs text-faint">
          {hint}
        </div>
      )}
    </div>
  );
}

export function FieldError({
  id,
  children,
}: {
  readonly id?: string;
  readonly children: ReactNode;
}) {
  return (
    <p id={id} role="alert" className="mt-1.5 flex items-start gap-1.5 text-xs text-bad">
      <CircleAlert size={14} aria-hidden className="mt-px shrink-0" />
      <span>{children}</span>
    </p>
  );
}

const box = classes(
  'w-full min-w-0 rounded-lg border border-line-strong bg-surface text-sm text-ink shadow-card',
  'transition-colors duration-100 hover:border-faint aria-invalid:border-bad disabled:bg-sunken disabled:text-faint',
);

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={classes(box, 'h-9 px-3', className)} {...rest} />;
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <textarea className={classes(box, 'block px-3 py-2 leading-relaxed', className)} {...rest} />
  );
}

export interface SelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** The browser's own list: it works best on a phone. */
export function Select({ options, className, ...rest }: SelectProps) {
  return (
    <span className={classes('relative block', className)}>
      <select className={classes(box, 'h-9 appearance-none pr-8 pl-3')} {...rest}>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        size={15}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-faint"
      />
    </span>
  );
}
