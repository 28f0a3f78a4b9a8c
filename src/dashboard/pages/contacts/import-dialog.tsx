// A file of contacts taken in, and which of its lines were not.

import { useRef, useState } from 'react';
import { FileUp } from 'lucide-react';
import { useChange } from '../../lib/api.ts';
import type { Answer } from '../../lib/api.ts';
import { texts } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useToasts } from '../../ui/toasts.tsx';

type Result = Answer<'POST /api/clients/{client_id}/contacts/import'>;

export function ImportDialog({
  clientId,
  onClose,
}: {
  readonly clientId: string;
  readonly onClose: () => void;
}) {
  const [result, setResult] = useState<Result>();
  const input = useRef<HTMLInputElement>(null);
  const toasts = useToasts();
  const send = useChange('POST /api/clients/{client_id}/contacts/import', {
    refreshes: ['GET /api/clients/{client_id}/contacts'],
  });
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const body = await file.text();
      setResult(await send.mutateAsync({ params: { client_id: clientId }, body }));
    } catch (error) {
      toasts.failed(error);
    } finally {
      // The same file again, once it is mended, is a change as well.
      if (input.current) input.current.value = '';
    }
  };
  return (
    <Dialog
      title={texts.contacts.importTitle}
      description={texts.contacts.importText}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{result ? texts.contacts.done : texts.ui.cancel}</Button>
          <Button
            look="primary"
            icon={FileUp}
            pending={send.isPending}
            onClick={() => input.current?.click()}
          >
            {texts.contacts.choose}
          </Button>
        </>
      }
    >
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        aria-label={texts.contacts.choose}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => void take(event.target.files?.[0])}
      />
      {result && (
        <Notice tone={result.errors.length > 0 ? 'warn' : 'info'}>
          <p>{texts.contacts.imported(result.created, result.updated)}</p>
          {result.errors.length > 0 && (
            <>
              <p className="mt-2">{texts.contacts.importFaults(result.errors.length)}</p>
              <ul className="mt-1 max-h-40 list-inside list-disc overflow-y-auto">
                {result.errors.map(({ line, detail }) => (
                  <li key={line}>{texts.contacts.line(line, detail)}</li>
                ))}
              </ul>
            </>
          )}
        </Notice>
      )}
    </Dialog>
  );
}
