// Something to sell in a test.

import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { insertPackage } from '../../../src/store/money/packages.ts';
import type { Package } from '../../../src/store/money/packages.ts';
import type { Sql } from '../../../src/store/database/sql.ts';

export async function addPackage(
  sql: Sql,
  given: Pick<Package, 'kind' | 'name' | 'amount' | 'seconds'> & Partial<Package>,
): Promise<Package> {
  const id = newId(systemClock.now());
  const added = { id, description: '', currency: 'usd', position: 0, isActive: true, ...given };
  await insertPackage(sql, added);
  return added;
}
