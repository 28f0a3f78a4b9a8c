// A question's answer, or what stands in for it meanwhile.

import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Failure, SkeletonRows } from './states.tsx';

export interface QueryViewProps<T> {
  readonly query: UseQueryResult<T>;
  /** While it loads for the first time; grey rows by default. */
  readonly loading?: ReactNode;
  /** Of the latest answer; an older one stays while it is asked again. */
  readonly children: (answer: T) => ReactNode;
}

export function QueryView<T>({ query, loading, children }: QueryViewProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return <>{loading ?? <SkeletonRows />}</>;
}
