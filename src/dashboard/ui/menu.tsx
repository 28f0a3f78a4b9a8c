// A list of things to do that opens from a button.

import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { classes } from '../lib/class-names.ts';
import { usePortalContainer } from './dialog.tsx';

export interface MenuProps {
  /** One button. */
  readonly trigger: ReactNode;
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
  readonly className?: string;
}

export function Menu({ trigger, align = 'end', children, className }: MenuProps) {
  const container = usePortalContainer();
  return (
    // Not modal: that would want a style of its own in the page, which our policy refuses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={classes(
            'z-50 max-h-[min(70vh,26rem)] min-w-48 animate-appear overflow-y-auto rounded-xl border border-line',
            'bg-surface p-1 text-sm shadow-raised',
            className,
          )}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

export interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
  readonly hint?: ReactNode;
  readonly chosen?: boolean;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

export function MenuItem({
  icon: Icon,
  children,
  hint,
  chosen = false,
  danger = false,
  disabled = false,
  onSelect,
}: MenuItemProps) {
  return (
    <DropdownMenu.Item
      disabled={disabled}
      onSelect={onSelect}
      className={classes(
        'flex min-h-8.5 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none select-none',
        'data-highlighted:bg-hover data-disabled:cursor-default data-disabled:opacity-50',
        danger ? 'text-bad' : 'text-ink',
      )}
    >
      {Icon && <Icon size={16} aria-hidden className={danger ? undefined : 'text-faint'} />}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{children}</span>
        {hint && <span className="block truncate text-xs text-faint">{hint}</span>}
      </span>
      {chosen && <Check size={16} aria-hidden className="text-accent-text" />}
    </DropdownMenu.Item>
  );
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-faint">
      {children}
    </DropdownMenu.Label>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-2 my-1 h-px bg-line" />;
}
