// What tells callers of a recording, and whether they heard it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  heardNotice,
  recordingNotice,
} from '../../../src/reception/stored-speech/recording-notice.ts';
import type { Client } from '../../../src/store/clients/clients.ts';

const client = { recordingEnabled: true, recordingNotice: '', language: 'en-US' } as Client;

test('the usual sentence of the language, or the own one, or none', () => {
  assert.equal(recordingNotice(client), 'This call is recorded.');
  assert.equal(
    recordingNotice({ ...client, language: 'de-CH' }),
    'Dieses Gespräch wird aufgezeichnet.',
  );
  assert.equal(recordingNotice({ ...client, language: 'ja-JP' }), 'This call is recorded.');
  assert.equal(recordingNotice({ ...client, recordingNotice: ' We record. ' }), 'We record.');
  assert.equal(recordingNotice({ ...client, recordingEnabled: false }), '');
});

test('heard is what was heard to its last word', () => {
  assert.equal(heardNotice(client, 'This call is recorded. Hello, how can I'), true);
  assert.equal(heardNotice(client, 'This call is recorded'), true);
  assert.equal(heardNotice(client, 'This call is'), false);
  assert.equal(heardNotice(client, ''), false);
});
