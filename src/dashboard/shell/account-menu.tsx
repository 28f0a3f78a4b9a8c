// Who is signed in, how the dashboard looks, and the way out.

import { BookOpen, ChevronsUpDown, CircleUser, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useLocation } from 'wouter';
import { useChange } from '../lib/api.ts';
import { useSignedInAs } from '../lib/me.ts';
import type { Me } from '../lib/me.ts';
import { useTheme } from '../lib/theme.ts';
import { texts } from '../texts/texts.ts';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx';
import { useToasts } from '../ui/toasts.tsx';

const themes = [
  { theme: 'system', label: texts.shell.themeSystem, icon: Monitor },
  { theme: 'light', label: texts.shell.themeLight, icon: Sun },
  { theme: 'dark', label: texts.shell.themeDark, icon: Moon },
] as const;

export function AccountMenu({ me, onGo }: { readonly me: Me; readonly onGo?: () => void }) {
  const [, navigate] = useLocation();
  const [chosen, choose] = useTheme();
  const signOut = useChange('POST /api/auth/logout');
  const signedInAs = useSignedInAs();
  const toasts = useToasts();
  const leave = async () => {
    try {
      await signOut.mutateAsync({});
      navigate('/');
      signedInAs(null);
    } catch (error) {
      toasts.failed(error);
    }
  };
  return (
    <Menu
      align="start"
      className="w-56"
      trigger={
        <button
          type="button"
          className="flex h-11 w-full items-center gap-2.5 rounded-lg px-2.5 text-left transition-colors hover:bg-hover"
        >
          <CircleUser size={20} aria-hidden className="shrink-0 text-faint" />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium">{me.display_name}</span>
          </span>
          <ChevronsUpDown size={15} aria-hidden className="shrink-0 text-faint" />
        </button>
      }
    >
      <MenuLabel>{me.email ?? me.username}</MenuLabel>
      <MenuItem
        icon={CircleUser}
        onSelect={() => {
          onGo?.();
          navigate('/app/account');
        }}
      >
        {texts.shell.account}
      </MenuItem>
      <MenuItem icon={BookOpen} onSelect={() => window.open('/docs', '_blank', 'noopener')}>
        {texts.shell.apiDocs}
      </MenuItem>
      <MenuLine />
      <MenuLabel>{texts.shell.theme}</MenuLabel>
      {themes.map(({ theme, label, icon }) => (
        <MenuItem key={theme} icon={icon} chosen={theme === chosen} onSelect={() => choose(theme)}>
          {label}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem icon={LogOut} onSelect={() => void leave()}>
        {texts.shell.signOut}
      </MenuItem>
    </Menu>
  );
}
