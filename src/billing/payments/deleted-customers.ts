// Customers of deleted clients go at Stripe as well, and the cards that are saved there with them.

import { findCustomer } from '../../store/money/billing-accounts.ts';
import { noteCustomerDeleted } from '../../store/money/deleted-customers.ts';
import type { Sql } from '../../store/database/sql.ts';
import { isForgotten } from './till.ts';
import type { Till } from './till.ts';

/** May be repeated: one that is gone already is what was wanted. Throws `vendor_failed` when it has to be tried again. */
export async function deleteCustomerOf(
  { sql, till }: { readonly sql: Sql; readonly till: Pick<Till, 'deleteCustomer'> },
  clientId: string,
): Promise<void> {
  const customer = await findCustomer(sql, clientId);
  if (customer === undefined) return;
  await till.deleteCustomer(customer).catch(isForgotten);
  await noteCustomerDeleted(sql, clientId, customer);
}
