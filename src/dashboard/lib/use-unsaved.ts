// Keeps unsaved changes from being lost by a click on another page.

import { useCallback } from 'react';
import { texts } from '../texts/texts.ts';
import { useConfirm } from '../ui/confirm.tsx';
import { useLeaveGuard } from './location.ts';

export function useUnsaved(dirty: boolean): void {
  const confirm = useConfirm();
  const ask = useCallback(
    () =>
      confirm({
        title: texts.ui.unsavedQuestion,
        text: texts.ui.unsavedText,
        action: texts.ui.leave,
        danger: true,
      }),
    [confirm],
  );
  useLeaveGuard(dirty, ask);
}
