// What README and docs/ lead to is there: files and headings that are linked, and addresses of ours that are named.

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startTestApi } from './support/product/api.ts';

const root = path.join(import.meta.dirname, '..');
const pages = ['README.md', ...globSync('docs/{,decisions/}*.md', { cwd: root })].filter(
  (page) => page !== 'docs/API.md',
);
const read = (page: string) => readFileSync(path.join(root, page), 'utf8');

/** Not in the document of the API: for the carrier, for machines that watch, for Stripe; and what vendors have. */
const others =
  /^\/(voice|sms|health|ready|status|metrics|api\/stripe\/webhook)\b|^…\/(v1\/speak|audio\/)/;

test('links lead to files and headings that are there', () => {
  const broken = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([link, to, heading]) => {
      if (/^https?:/.test(to!)) return [];
      const file = to === '' ? page : path.join(path.dirname(page), to!);
      const isThere =
        existsSync(path.join(root, file)) &&
        (heading === undefined || !file.endsWith('.md') || headingsOf(file).includes(heading));
      return isThere ? [] : [`${page}: ${link}`];
    }),
  );
  assert.deepEqual(broken, []);
});

test('addresses that are named with their method are routes', async (t) => {
  const api = await startTestApi(t);
  const known = api.document.routes.map(({ method, path }) => `${method} ${plain(path)}`);
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/`(GET|POST|PUT|PATCH|DELETE) ((?:PUBLIC_URL)?[/…][^\s`']*)/g)].map(
      ([, method, address]) => ({ page, method: method!, address: address!.split('?')[0]! }),
    ),
  );
  assert.ok(named.length > 40);
  const unknown = named.filter(({ method, address }) => {
    if (others.test(address) || address.endsWith('…')) return false;
    const ending = plain(address).replace(/^…/, '');
    return !known.some((each) =>
      address.startsWith('…')
        ? each.startsWith(`${method} `) && each.endsWith(ending)
        : each === `${method} ${ending}`,
    );
  });
  assert.deepEqual(unknown, []);
});

/** As they are linked to. */
function headingsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, text]) =>
    text!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** Whatever its places are called. */
function plain(address: string): string {
  return address.replaceAll(/\{\w+\}/g, '{}').replace(/\/$/, '');
}
