// Which client the pages are about, and the way to another.

import { Building2, ChevronsUpDown, LayoutGrid, Plus } from 'lucide-react';
import { useLocation } from 'wouter';
import { samePageOf, useClients } from '../lib/clients.ts';
import { formatPhone } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';

export function ClientSwitcher({
  clientId,
  onGo,
}: {
  readonly clientId: string | undefined;
  readonly onGo?: () => void;
}) {
  const [path, navigate] = useLocation();
  const { clients = [], isPending } = useClients();
  const client = clients.find(({ id }) => id === clientId);
  const go = (href: string) => {
    onGo?.();
    navigate(href);
  };
  const name = client?.name ?? (isPending ? ' ' : texts.shell.noClients);
  return (
    <Menu
      align="start"
      className="w-64"
      trigger={
        <button
          type="button"
          className="flex h-11 w-full items-center gap-2.5 rounded-lg border border-line bg-surface px-2.5 text-left shadow-card transition-colors hover:bg-hover"
        >
          <span
            aria-hidden
            className="flex size-6.5 shrink-0 items-center justify-center rounded-md bg-accent-soft text-xs font-semibold text-accent-text"
          >
            {client ? initialsOf(client.name) : <Building2 size={15} aria-hidden />}
          </span>
          <span className="min-w-0 flex-1 truncate text-sm font-medium">
            <span className="sr-only">{texts.shell.chooseClient}: </span>
            {name}
          </span>
          <ChevronsUpDown size={15} aria-hidden className="shrink-0 text-faint" />
        </button>
      }
    >
      {clients.length > 0 && <MenuLabel>{texts.shell.clients}</MenuLabel>}
      {clients.map((each) => (
        <MenuItem
          key={each.id}
          chosen={each.id === clientId}
          hint={hintOf(each)}
          onSelect={() => go(samePageOf(path, each.id))}
        >
          {each.name}
        </MenuItem>
      ))}
      {clients.length > 0 && <MenuLine />}
      <MenuItem icon={LayoutGrid} onSelect={() => go('/app/clients')}>
        {texts.shell.allClients}
      </MenuItem>
      <MenuItem icon={Plus} onSelect={() => go('/app/clients/new')}>
        {texts.shell.newClient}
      </MenuItem>
    </Menu>
  );
}

function hintOf(client: { phone_number: string | null; is_active: boolean }): string {
  const number = client.phone_number ? formatPhone(client.phone_number) : '';
  return [number, client.is_active ? '' : texts.shell.paused].filter(Boolean).join(' · ');
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join('');
}
