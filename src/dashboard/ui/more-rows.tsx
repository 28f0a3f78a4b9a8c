// The button below a list that goes on.

import { texts } from '../texts/texts.ts';
import { Button } from './button.tsx';

export interface MoreRowsProps {
  readonly list: {
    readonly hasMore: boolean;
    readonly isLoadingMore: boolean;
    readonly more: () => void;
  };
}

export function MoreRows({ list }: MoreRowsProps) {
  if (!list.hasMore) return null;
  return (
    <div className="border-t border-line p-3 text-center">
      <Button look="quiet" onClick={list.more} pending={list.isLoadingMore}>
        {texts.ui.loadMore}
      </Button>
    </div>
  );
}
