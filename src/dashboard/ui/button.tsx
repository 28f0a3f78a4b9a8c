// Buttons, and links that look like them: one primary on a page, the rest quiet.

import type { ButtonHTMLAttributes, ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { Link } from 'wouter';
import { classes } from '../lib/class-names.ts';
import { Spinner } from './spinner.tsx';

type Look = 'primary' | 'secondary' | 'quiet' | 'danger' | 'quiet-danger';
type Size = 'medium' | 'small';

interface Shape {
  readonly look?: Look;
  readonly size?: Size;
  readonly icon?: LucideIcon;
}

export interface ButtonProps extends Shape, ButtonHTMLAttributes<HTMLButtonElement> {
  /** Shows that it works, and takes no second click. */
  readonly pending?: boolean | undefined;
}

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover shadow-card',
  secondary: 'bg-surface text-ink border border-line-strong hover:bg-hover shadow-card',
  quiet: 'text-muted hover:bg-hover hover:text-ink',
  'quiet-danger': 'text-bad hover:bg-bad-soft',
  danger: 'bg-bad-fill text-on-accent hover:brightness-110 shadow-card',
};

const sizes: Readonly<Record<Size, string>> = {
  medium: 'h-9 px-3.5 text-sm gap-2',
  small: 'h-7.5 px-2.5 text-xs gap-1.5',
};

function looksOf({ look = 'secondary', size = 'medium' }: Shape, extra?: string): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center rounded-lg font-medium whitespace-nowrap select-none',
    'transition-colors duration-100 disabled:opacity-55 disabled:shadow-none aria-disabled:opacity-55',
    looks[look],
    sizes[size],
    extra,
  );
}

export function Button({
  look = 'secondary',
  size = 'medium',
  icon: Icon,
  pending = false,
  children,
  className,
  disabled,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={looksOf({ look, size }, className)}
      disabled={disabled}
      // Not `disabled`: that would take the focus away, and who has no mouse would begin again at the top of the page.
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={(event) => {
        // The second half of a double click asks for nothing that the first has not asked for; nor does Enter in a field meanwhile.
        if (pending || (type === 'submit' && event.detail > 1)) event.preventDefault();
        else onClick?.(event);
      }}
      {...rest}
    >
      {pending ? <Spinner /> : Icon && <Icon size={size === 'small' ? 14 : 16} aria-hidden />}
      {children}
    </button>
  );
}

export interface LinkButtonProps extends Shape {
  readonly href: string;
  readonly children?: ReactNode;
  readonly className?: string;
  /** Of another site: opens in a tab of its own. Or a number to call. */
  readonly external?: boolean;
}

export function LinkButton({
  look = 'secondary',
  size = 'medium',
  icon: Icon,
  href,
  children,
  className,
  external = false,
}: LinkButtonProps) {
  const inside = (
    <>
      {Icon && <Icon size={size === 'small' ? 14 : 16} aria-hidden />}
      {children}
    </>
  );
  const style = looksOf({ look, size }, className);
  if (external) {
    return (
      <a
        href={href}
        className={style}
        // A call is no page: its tab would stay empty.
        {...(!href.startsWith('tel:') && { target: '_blank', rel: 'noreferrer' })}
      >
        {inside}
      </a>
    );
  }
  return (
    <Link href={href} className={style}>
      {inside}
    </Link>
  );
}

export interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** Said by screen readers, and shown when the pointer rests on it. */
  readonly label: string;
  readonly size?: Size;
  /** `primary`: the one thing to do with what stands beside it. */
  readonly look?: 'primary' | 'quiet';
  /** Shows that it works, and takes no second click. */
  readonly pending?: boolean;
}

export function IconButton({
  icon: Icon,
  label,
  look = 'quiet',
  size = 'medium',
  pending = false,
  className,
  type = 'button',
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classes(
        'inline-flex shrink-0 items-center justify-center rounded-lg transition-colors duration-100 disabled:opacity-55',
        looks[look],
        size === 'small' ? 'size-7.5' : 'size-9',
        className,
      )}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={(event) => {
        if (!pending) onClick?.(event);
      }}
      {...rest}
    >
      {pending ? <Spinner /> : <Icon size={size === 'small' ? 15 : 17} aria-hidden />}
    </button>
  );
}
