// The button below a list that goes on.

import { explain } from '../lib/failures.ts';
import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';
import { FieldError } from './field.tsx';

export interface MoreRowsProps {
  readonly list: {
    readonly hasMore: boolean;
    readonly isLoadingMore: boolean;
    /** Why the last try brought nothing. */
    readonly moreError: unknown;
    readonly more: () => void;
  };
}

export function MoreRows({ list }: MoreRowsProps) {
  if (!list.hasMore) return null;
  return (
    <div className="flex flex-col items-center gap-1 border-t border-line p-3">
      {list.moreError !== null && <FieldError>{explain(list.moreError)}</FieldError>}
      <Button look="quiet" onClick={list.more} pending={list.isLoadingMore}>
        {texts.ui.loadMore}
      </Button>
    </div>
  );
}
