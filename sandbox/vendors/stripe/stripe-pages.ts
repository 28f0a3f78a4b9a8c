// The pages of the stand-in for Stripe: where an owner pays, the customer portal, and a dashboard on which money goes back.

import { Html, html } from '../../../src/lib/html.ts';
import type { Books } from './stripe-books.ts';
import type { Charge, Session, Subscription } from './stripe-objects.ts';

/** Of all pages: readable on a phone, in the dark, and by keyboard. */
const LOOKS = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 30rem; margin: 8vh auto; padding: 0 1rem; }
  form p { margin: 0.6rem 0; }
  form[action^='/c/'] button, form[action^='/c/'] select { width: 100%; }
  button, select { font: inherit; padding: 0.5rem 0.8rem; border-radius: 0.5rem; border: 1px solid #8888; }
  button[value='pay'] { background: #4f46e5; border-color: #4f46e5; color: #fff; font-weight: 600; }
  [role='alert'] { color: light-dark(#b42318, #ff8a80); }`;
/** Lists on the dashboard are this long. */
const SHOWN_MAX = 50;

export function checkoutPage(books: Books, session: Session, isDeclined: boolean): string {
  const { productName } = books.terms.get(session.id)!;
  const body =
    session.status === 'open'
      ? html`${isDeclined ? html`<p role="alert">Your card was declined. Try another one.</p>` : ''}
          <p>
            <strong>${productName}</strong>:
            ${money(session.amount_total, session.currency)}${
              session.mode === 'subscription' ? ' each month' : ''
            }
          </p>
          <form method="post" action="/c/pay/${session.id}">
            <p>
              <label
                >Card
                <select name="card">
                  <option value="good">4242: always works</option>
                  <option value="declines">0341: works now, is declined when charged later</option>
                  <option value="authenticates">
                    3155: works now, wants its owner when charged later
                  </option>
                </select>
              </label>
            </p>
            <p><button name="do" value="pay">Pay</button></p>
            <p><button name="do" value="decline">Try a card that is declined</button></p>
            ${
              session.mode === 'payment'
                ? html`<p>
                    <button name="do" value="later">Pay by a bank that takes days</button>
                  </p>`
                : ''
            }
            <p><button name="do" value="back">Go back without paying</button></p>
          </form>`
      : html`<p>This page is ${session.status}.</p>`;
  return page(
    'Pay',
    html`<p>This stands in for Stripe's checkout. No money moves.</p>
      ${body}`,
  );
}

export function dashboardPage(books: Books): string {
  const charges = [...books.charges.values()].toReversed().slice(0, SHOWN_MAX);
  const waiting = [...books.sessions.values()].filter(
    (each) => each.status === 'complete' && each.payment_status === 'unpaid',
  );
  const plans = [...books.subscriptions.values()].toReversed().slice(0, SHOWN_MAX);
  return page(
    'Payments',
    html`<p>This stands in for Stripe's dashboard: what banks and customers do, by a click.</p>
      <h2>Waiting for a bank</h2>
      ${waiting.map(
        (each) =>
          html`<p>
            ${money(each.amount_total, each.currency)} ${each.id}
            ${button(each.id, 'bank-pays', 'Bank pays')}
            ${button(each.id, 'bank-refuses', 'Bank refuses')}
          </p>`,
      )}
      <h2>Payments</h2>
      ${charges.map((each) => chargeRow(books, each))}
      <h2>Plans</h2>
      ${plans.map((each) => planRow(each))}`,
  );
}

function chargeRow(books: Books, charge: Charge): Html {
  const mine = <Thing extends { readonly payment_intent: string }>(
    kept: ReadonlyMap<string, Thing>,
  ) => [...kept.values()].filter((each) => each.payment_intent === charge.payment_intent);
  const [refunds, disputes] = [mine(books.refunds), mine(books.disputes)];
  const id = charge.payment_intent;
  const half = Math.floor(charge.amount / 2);
  return html`<p>
    ${money(charge.amount, charge.currency)} ${id}, refunded
    ${money(charge.amount_refunded, charge.currency)} ${button(id, 'refund', 'Refund all')}
    ${button(id, 'refund', 'Refund half', String(half))} ${button(id, 'dispute', 'Dispute')}
    ${button(id, 'inquiry', 'Inquiry')}
    ${refunds.map(
      (each) =>
        html`<br />refund ${each.id} ${each.status} ${money(each.amount, charge.currency)}
          ${button(each.id, 'fail-refund', 'Refund fails')}`,
    )}
    ${disputes.map(
      (each) =>
        html`<br />dispute ${each.id} ${each.status} ${button(each.id, 'win', 'Win')}
          ${button(each.id, 'lose', 'Lose')}`,
    )}
  </p>`;
}

function planRow(plan: Subscription): Html {
  return html`<p>
    ${plan.id} ${plan.status}${plan.cancel_at_period_end ? ', ends with the month' : ''}
    ${button(plan.id, 'renew', 'Next month')}
    ${button(plan.id, 'renew-fails', 'Next month, unpaid')} ${button(plan.id, 'end', 'End')}
  </p>`;
}

export function portalPage(books: Books, customer: string, back: string): string {
  const methods = [...books.methods.values()].filter((each) => each.customer === customer);
  const invoices = [...books.invoices.values()].filter((each) => each.customer === customer);
  const plans = [...books.subscriptions.values()].filter((each) => each.customer === customer);
  return page(
    'Customer portal',
    html`<p>This stands in for Stripe's customer portal.</p>
      <h2>Cards</h2>
      ${methods.map(({ card }) => html`<p>${card.brand} ${card.last4}</p>`)}
      <h2>Plans</h2>
      ${plans.map(
        (plan) =>
          html`<p>
            ${plan.id} ${plan.status} ${button(plan.id, 'cancel', 'Cancel at the end of the month')}
          </p>`,
      )}
      <h2>Invoices</h2>
      ${invoices.map((each) => html`<p>${each.id} ${money(each.total, each.currency)} ${each.status}</p>`)}
      <p><a href="${/^https?:/.test(back) ? back : '/'}">Back</a></p>`,
  );
}

export function textPage(title: string, text: string): string {
  return page(title, html`<p>${text}</p>`);
}

function button(id: string, act: string, label: string, amount = ''): Html {
  return html`<form method="post" action="/dashboard" style="display:inline">
    <input type="hidden" name="id" value="${id}" /><input
      type="hidden"
      name="amount"
      value="${amount}"
    />
    <button name="do" value="${act}">${label}</button>
  </form>`;
}

function money(amount: number, currency: string): string {
  return `${(amount / 100).toFixed(2)} ${currency.toUpperCase()}`;
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} (sandbox)</title>
        <style>
          ${new Html(LOOKS)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`.toString();
}
