// Which client the pages are about, and the way to another.

import { useState } from 'react';
import { Building2, Check, ChevronsUpDown, LayoutGrid, Plus } from 'lucide-react';
import { useLocation } from 'wouter';
import { isNamed, samePageOf, SEARCHED_FROM, useClients } from '../lib/clients.ts';
import { formatPhone } from '../lib/format.ts';
import { texts } from '../texts/texts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SearchBox } from '../ui/search-box.tsx';
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
  const isMany = clients.length > SEARCHED_FROM;
  const go = (href: string) => {
    onGo?.();
    navigate(href);
  };
  // One that is gone is none of them.
  const none = clients.length > 0 ? texts.shell.chooseOne : texts.shell.noClients;
  const name = client?.name ?? (isPending ? ' ' : none);
  const [searching, setSearching] = useState(false);
  const button = (
    <button
      type="button"
      className="flex h-11 w-full items-center gap-2.5 rounded-lg border border-line bg-surface px-2.5 text-left shadow-card transition-colors hover:bg-hover"
      {...(isMany && { 'aria-haspopup': 'dialog', onClick: () => setSearching(true) })}
    >
      <span
        aria-hidden
        className="flex size-6.5 shrink-0 items-center justify-center rounded-md bg-accent-soft text-xs font-semibold text-accent-text"
      >
        {client ? initialsOf(client.name) : <Building2 size={15} aria-hidden />}
      </span>
      <span className="min-w-0 flex-1 truncate text-sm font-medium">
        <span className="sr-only">{texts.shell.chooseClient}: </span>
        <bdi>{name}</bdi>
      </span>
      <ChevronsUpDown size={15} aria-hidden className="shrink-0 text-faint" />
    </button>
  );
  if (isMany) {
    return (
      <>
        {button}
        {searching && (
          <ClientSearch clientId={clientId} onChoose={go} onClose={() => setSearching(false)} />
        )}
      </>
    );
  }
  return (
    <Menu align="start" className="w-64" trigger={button}>
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

interface ClientSearchProps {
  readonly clientId: string | undefined;
  readonly onChoose: (href: string) => void;
  readonly onClose: () => void;
}

/** Of many clients the one is found by typing; Enter goes to the first. */
function ClientSearch({ clientId, onChoose, onClose }: ClientSearchProps) {
  const [path] = useLocation();
  const { clients = [] } = useClients();
  const [typed, setTyped] = useState('');
  const found = clients.filter((client) => isNamed(client, typed));
  const choose = (href: string) => {
    onClose();
    onChoose(href);
  };
  return (
    <Dialog
      title={texts.shell.chooseClient}
      onClose={onClose}
      footer={
        <>
          <Button icon={LayoutGrid} onClick={() => choose('/app/clients')}>
            {texts.shell.allClients}
          </Button>
          <Button icon={Plus} onClick={() => choose('/app/clients/new')}>
            {texts.shell.newClient}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (found[0]) choose(samePageOf(path, found[0].id));
        }}
      >
        <SearchBox label={texts.clients.search} value={typed} onChange={setTyped} />
      </form>
      <ul className="mt-2 h-[min(50dvh,24rem)] overflow-y-auto">
        {found.map((each) => (
          <li key={each.id}>
            <button
              type="button"
              aria-current={each.id === clientId}
              className="flex w-full items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-left text-sm hover:bg-hover"
              onClick={() => choose(samePageOf(path, each.id))}
            >
              <span className="min-w-0 flex-1">
                <bdi className="block truncate">{each.name}</bdi>
                <span className="block truncate text-xs text-faint">{hintOf(each)}</span>
              </span>
              {each.id === clientId && (
                <Check size={16} aria-hidden className="shrink-0 text-accent-text" />
              )}
            </button>
          </li>
        ))}
        {found.length === 0 && (
          <li className="py-6 text-center text-sm text-faint">{texts.clients.noneFound}</li>
        )}
      </ul>
    </Dialog>
  );
}

function hintOf(client: { phone_number: string | null; is_active: boolean }): string {
  const number = client.phone_number ? formatPhone(client.phone_number) : '';
  return [number, client.is_active ? '' : texts.shell.paused].filter(Boolean).join(' · ');
}

/** What people see as one: an emoji, too. */
const letters = new Intl.Segmenter();

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...letters.segment(word)][0]?.segment.toUpperCase())
    .join('');
}
