// What of an error leaves the server, and what stays.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError, errorTable, toError } from '../../src/lib/errors.ts';

test('a code brings its status and its public text', () => {
  const cause = new Error('ECONNRESET');
  const error = new AppError('vendor_failed', 'cartesia: 429 after 3 tries', { cause });
  assert.equal(error.status, 502);
  assert.equal(error.publicMessage, 'A service we depend on failed.');
  assert.equal(error.message, 'cartesia: 429 after 3 tries');
  assert.equal(error.cause, cause);
  assert.equal(error.fields, undefined);
  assert.ok(error instanceof Error);
});

test('a text of its own and faulty fields', () => {
  const error = new AppError('invalid', 'bad body', {
    publicMessage: 'Two fields are wrong.',
    fields: { name: ['is empty'] },
  });
  assert.equal(error.publicMessage, 'Two fields are wrong.');
  assert.deepEqual(error.fields, { name: ['is empty'] });
  assert.ok(!('cause' in error));
});

test('every code has a status of HTTP and a text that names nothing inside', () => {
  for (const [code, { status, publicMessage }] of Object.entries(errorTable)) {
    assert.ok(status >= 400 && status < 600, code);
    assert.match(publicMessage, /^[A-Z]/);
    assert.doesNotMatch(publicMessage, /sql|stack|postgres|undefined/i);
  }
});

test('anything thrown becomes an error', () => {
  const error = new Error('itself');
  assert.equal(toError(error), error);
  assert.equal(toError('text').message, 'text');
  assert.equal(toError(undefined).message, 'undefined');
});
