// Buying: our own order first, then a page of Stripe's where it is paid.

import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { findCustomer, saveCustomer } from '../../store/money/billing-accounts.ts';
import { findOrder, insertOrder, linkOrder } from '../../store/money/orders.ts';
import type { Order } from '../../store/money/orders.ts';
import { findPackage } from '../../store/money/packages.ts';
import type { Package, PackageKind } from '../../store/money/packages.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { Till } from './till.ts';

export interface BuyParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly till: Till;
  /** Where owners are sent back to, without a slash at the end. */
  readonly publicUrl: string;
}

export interface Purchase {
  readonly clientId: string;
  readonly clientName: string;
  readonly packageId: string;
  /** What has to be bought here. */
  readonly kind: PackageKind;
  readonly userId: string;
  readonly saveMethod: boolean;
  /** The page of ours to come back to, with its slash. */
  readonly returnPath: string;
}

/** An owner who has not paid by then begins anew. Stripe allows 30 minutes to 24 hours. */
const PAGE_MS = 60 * 60_000;

/** Gives the order and the page where it is paid. Throws `invalid`, `vendor_failed` or `unavailable`. */
export async function startCheckout(
  parts: BuyParts,
  purchase: Purchase,
): Promise<{ readonly order: Order; readonly url: string }> {
  const { sql, clock, till } = parts;
  const { clientId, userId, kind } = purchase;
  const sold = await findSold(sql, purchase.packageId, kind);
  const orderId = newId(clock.now());
  await insertOrder(sql, { id: orderId, clientId, kind, package: sold, createdBy: userId });
  const back = new URL(purchase.returnPath, parts.publicUrl);
  const page = (checkout: 'done' | 'cancelled') => {
    const url = new URL(back);
    url.searchParams.set('checkout', checkout);
    url.searchParams.set('order', orderId);
    return url.href;
  };
  const request = {
    orderId,
    clientId,
    sold,
    successUrl: page('done'),
    cancelUrl: page('cancelled'),
    saveMethod: purchase.saveMethod,
    expiresAtMs: clock.now() + PAGE_MS,
  };
  const checkout = await withCustomer(parts, purchase, (customer) =>
    till.createCheckout({ ...request, customer }),
  );
  await linkOrder(sql, orderId, { sessionId: checkout.sessionId });
  const order = await findOrder(sql, orderId);
  if (!order) throw new AppError('internal', 'an order that was just made is not there');
  return { order, url: checkout.url };
}

/** What may be bought. Throws `invalid` naming the field. */
export async function findSold(sql: Sql, packageId: string, kind: PackageKind): Promise<Package> {
  const sold = await findPackage(sql, packageId);
  if (sold?.isActive && sold.kind === kind) return sold;
  const what = kind === 'plan' ? 'There is no such plan.' : 'There is no such package.';
  throw new AppError('invalid', 'nothing that is sold', { fields: { package_id: [what] } });
}

/** Runs `act` for the client's customer, made on first use, and made anew where Stripe has forgotten it. */
export async function withCustomer<T>(
  { sql, till }: Pick<BuyParts, 'sql' | 'till'>,
  client: { readonly clientId: string; readonly clientName: string },
  act: (customer: string) => Promise<T>,
): Promise<T> {
  const { clientId, clientName: name } = client;
  const kept = await findCustomer(sql, clientId);
  if (kept !== undefined) {
    try {
      return await act(kept);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    }
  }
  // Two at once make one customer; after a forgotten one, another. A key is for one request: the name belongs to it.
  const named = createHash('sha256').update(name).digest('base64url');
  const key = `customer:${clientId}:${kept ?? 'first'}:${named}`;
  const made = await till.createCustomer({ clientId, name, key });
  return act(await saveCustomer(sql, clientId, made, kept));
}
