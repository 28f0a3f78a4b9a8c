// A line to be pasted elsewhere, with a button that copies it.

import { Copy } from 'lucide-react';
import { texts } from '../texts/texts.ts';
import { IconButton } from './button.tsx';
import { useToasts } from './toasts.tsx';

export function CopyLine({ text }: { readonly text: string }) {
  const toasts = useToasts();
  return (
    <span className="flex items-center gap-1 rounded-lg border border-line bg-sunken py-0.5 pr-0.5 pl-3">
      <code className="min-w-0 flex-1 truncate font-mono text-xs">{text}</code>
      <IconButton
        icon={Copy}
        size="small"
        label={texts.ui.copy}
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => toasts.done(texts.ui.copied),
            () => toasts.refused(texts.ui.notCopied),
          );
        }}
      />
    </span>
  );
}
