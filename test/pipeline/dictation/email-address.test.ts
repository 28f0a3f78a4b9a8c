// Which addresses a mailbox can have, and which endings an address.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  asWritten,
  isEnding,
  isMailbox,
  isWellKnown,
  mayGoOn,
} from '../../../src/pipeline/dictation/email-address.ts';

test('mailboxes have a name, an @, and a domain of two labels or more', () => {
  for (const address of [
    'a@b.co',
    'anna.smith+news@mail.example.co.uk',
    "o'hara_7@t-online.de",
    'müller@bücher.de',
    `${'a'.repeat(64)}@example.com`,
    'a@example.xn--p1ai',
  ]) {
    assert.ok(isMailbox(address), address);
  }
  for (const address of [
    '',
    'anna',
    'anna@',
    '@example.com',
    'anna@example',
    'anna@.com',
    '.anna@example.com',
    'anna.@example.com',
    'an..na@example.com',
    'anna smith@example.com',
    'anna@exam_ple.com',
    'anna@-example.com',
    'anna@example.c',
    'anna@example.123',
    `${'a'.repeat(65)}@example.com`,
    `anna@${'a'.repeat(64)}.com`,
    `anna@${'a.'.repeat(127)}com`,
  ]) {
    assert.ok(!isMailbox(address), address);
  }
});

test('endings, those that may go on, and names that everybody knows', () => {
  assert.deepEqual(['com', 'uk', 'thirty', 'dot'].map(isEnding), [true, true, false, false]);
  assert.deepEqual(['co', 'com'].map(mayGoOn), [true, false]);
  assert.deepEqual(['gmail', 'example'].map(isWellKnown), [true, false]);
  assert.deepEqual(['tonline', 'gmail'].map(asWritten), ['t-online', 'gmail']);
});
