// A link that looks like a button and saves a file.

import { Download } from 'lucide-react';

export interface DownloadLinkProps {
  readonly href: string;
  readonly children: string;
}

export function DownloadLink({ href, children }: DownloadLinkProps) {
  return (
    <a
      href={href}
      download
      className="inline-flex h-9 shrink-0 items-center gap-2 rounded-lg border border-line-strong bg-surface px-3.5 text-sm font-medium shadow-card transition-colors duration-100 hover:bg-hover"
    >
      <Download size={16} aria-hidden />
      {children}
    </a>
  );
}
