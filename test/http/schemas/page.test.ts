// Pages: cursors that we made are read, others refused, and the next page keeps the question.

import assert from 'node:assert/strict';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { test } from 'node:test';
import { parsePage, tellPage } from '../../../src/http/schemas/page.ts';

const row = { at: '2026-02-06T10:00:00.123456Z', id: '019a8e2c-7d3f-7a10-8000-0f1e2d3c4b5a' };

function headersOf(url: string, page: Parameters<typeof tellPage>[2]): Record<string, unknown> {
  const headers: Record<string, unknown> = {};
  const reply = { header: (name: string, value: unknown) => (headers[name] = value) };
  tellPage({ url } as FastifyRequest, reply as unknown as FastifyReply, page);
  return headers;
}

test('the next page has the same question and goes on after the last row', () => {
  const headers = headersOf('/api/x?q=a%26b&limit=2&offset=4', {
    total: 20_000,
    countedMax: 10_000,
    next: row,
  });
  assert.equal(headers['x-total-count'], 10_000);
  assert.equal(headers['x-total-count-max'], 10_000);
  const [, link = ''] = /^<(.+)>; rel="next"$/.exec(String(headers['link'])) ?? [];
  const { pathname, searchParams } = new URL(link, 'http://x');
  assert.equal(pathname, '/api/x');
  assert.deepEqual(
    [searchParams.get('q'), searchParams.get('limit'), searchParams.get('offset')],
    ['a&b', '2', null],
  );
  const cursor = searchParams.get('cursor')!;
  assert.deepEqual(parsePage({ limit: 2, offset: 9, cursor }), { limit: 2, offset: 0, after: row });
  assert.deepEqual(headersOf('/api/x', { total: 3, countedMax: 1000, next: undefined }), {
    'x-total-count': 3,
    'x-total-count-max': 1000,
  });
});

test('a cursor that is not ours is a fault of the request', () => {
  const made = (text: string) => Buffer.from(text).toString('base64url');
  for (const cursor of [
    '',
    'x',
    made('a|b'),
    made(`${row.at}|1 OR 1=1`),
    made(`2026-99-99T10:00:00.000000Z|${row.id}`),
    made(`infinity|${row.id}`),
    made(`${row.at}|${row.id}|`),
  ]) {
    assert.throws(() => parsePage({ limit: 1, offset: 0, cursor }), { code: 'invalid' }, cursor);
  }
});
