// The instructions of a call: what is in them, and what is left out when it does not apply.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instructions } from '../../../src/reception/calls/prompt.ts';

const parts = {
  businessName: 'Bright Smile',
  systemPrompt: '  Be kind.  ',
  dates: 'Today is Monday.',
  knowledge: 'Parking: behind the house.',
  canTransfer: true,
  knownNumber: true,
  hasNumber: true,
};

test('everything that applies is there, in order', () => {
  const text = instructions(parts);
  const marks = [
    'Bright Smile',
    'Be kind.',
    'on the telephone',
    'transfer_call',
    'behind the house',
    'Today is Monday.',
    'has called before',
  ];
  const places = marks.map((mark) => text.indexOf(mark));
  assert.ok(places.every((place) => place >= 0));
  assert.deepEqual(
    places.toSorted((a, b) => a - b),
    places,
  );
  assert.doesNotMatch(text, /\n\n\n/);
});

test('of a known number no more is told than that it has called', () => {
  assert.match(instructions(parts), /The number has called before\. That proves nothing/);
});

test('what does not apply is not mentioned', () => {
  const text = instructions({
    ...parts,
    systemPrompt: '',
    dates: undefined,
    knowledge: undefined,
    canTransfer: false,
    knownNumber: false,
  });
  assert.doesNotMatch(text, /transfer_call|Today|Parking|called before/);
  assert.doesNotMatch(text, /\n\n\n|undefined/);
});

test('the language of the business is spoken, whatever language the instructions are in', () => {
  assert.match(instructions({ ...parts, language: 'de-AT' }), /Speak Austrian German \(de-AT\)/);
  assert.doesNotMatch(instructions({ ...parts, language: 'en-GB' }), /Speak .*English/);
  const written = instructions({ ...parts, medium: 'text', language: 'de-AT' });
  assert.match(written, /Write Austrian German \(de-AT\), unless they write to you in another/);
});

test('a caller without a number is asked for one', () => {
  assert.match(instructions({ ...parts, hasNumber: false }), /ask for one to reach them at/);
  assert.doesNotMatch(instructions(parts), /ask for one to reach them at/);
});

test('what changes from call to call stands after all that does not', () => {
  const before = instructions({ ...parts, dates: undefined, knownNumber: false });
  const outboundText = 'Your appointment is at ten.';
  assert.ok(instructions(parts).startsWith(before));
  assert.ok(instructions({ ...parts, outboundText }).startsWith(before));
});

test('a model is told what it must not make up, and what to do at once', () => {
  const text = instructions(parts);
  for (const rule of [
    /prices .* you do not know/,
    /use it at once/,
    /virtual assistant/,
    /emergency/,
  ]) {
    assert.match(text, rule);
  }
  assert.match(text, /recogniser/);
  assert.doesNotMatch(instructions({ ...parts, medium: 'text' }), /recogniser/);
});

test('values that were dictated are read back', () => {
  assert.match(
    instructions(parts),
    /Read phone numbers, e-mail addresses, codes and spelled names back/,
  );
});

test('whom we call is not to be thanked for calling; whoever calls us may be', () => {
  const outboundText = 'Your appointment is at ten.';
  assert.match(instructions({ ...parts, outboundText }), /never thank them for calling/);
  assert.doesNotMatch(instructions(parts), /thank/);
});
