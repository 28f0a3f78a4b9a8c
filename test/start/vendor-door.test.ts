// A client's choices as vendor sessions: what nobody offers and what has no key is said by name, before any connection.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { AppError } from '../../src/lib/errors.ts';
import { quietLog } from '../../src/lib/log.ts';
import { Circuits } from '../../src/pipeline/fallback/circuit.ts';
import { startDeepgram } from '../support/servers/deepgram-server.ts';
import { ownModels, vendorDoor } from '../../src/start/vendor-door.ts';
import type { VendorDoorParts } from '../../src/start/vendor-door.ts';
import type { Client } from '../../src/store/clients/clients.ts';

const nowhere = { url: 'http://127.0.0.1:9', key: undefined };
const client = {
  name: 'Reyes Dental',
  keyterms: ['Invisalign', 'Dr. Okonkwo'],
  peopleNames: ['Siobhan'],
  sttModel: 'nova-2-phonecall',
  llmModel: 'openai/gpt-4o-mini',
  ttsProvider: 'cartesia',
  ttsModel: '',
  ttsVoiceId: '',
  language: 'en-US',
  sttFallbacks: null,
  llmFallbacks: null,
  ttsFallbacks: null,
} as unknown as Client;

const parts = { clock: systemClock, log: quietLog };

const all = { deepgram: nowhere, openai: nowhere, cartesia: nowhere, elevenlabs: nowhere };

function door(config: Partial<VendorDoorParts['config']> = {}) {
  return vendorDoor({ config: { ...all, ...config }, ...parts, circuits: new Circuits(parts) });
}

function isNotConfigured(what: RegExp) {
  return (error: unknown) =>
    error instanceof AppError && error.code === 'not_configured' && what.test(error.message);
}

test('a vendor without a key is named by the key', async () => {
  const { signal } = new AbortController();
  const closed = door();
  await assert.rejects(closed.openHearing(client, signal), isNotConfigured(/DEEPGRAM_API_KEY/));
  await assert.rejects(closed.openThinking(client, signal), isNotConfigured(/OPENAI_API_KEY/));
  await assert.rejects(closed.openSpeaking(client, signal), isNotConfigured(/CARTESIA_API_KEY/));
  const other = { ...client, ttsProvider: 'elevenlabs' };
  await assert.rejects(closed.openSpeaking(other, signal), isNotConfigured(/ELEVENLABS_API_KEY/));
});

test('a model of a second server is named as clients name it, and needs its key', async () => {
  const { signal } = new AbortController();
  const second = { url: 'http://127.0.0.1:9', key: 'k', model: 'meta/llama' };
  const openai = { ...nowhere, model: 'mine' };
  assert.deepEqual(ownModels({ ...all, openai, openaiSecond: second }), {
    own: 'mine',
    second: 'second/meta/llama',
  });
  const named = { ...client, llmModel: 'second/meta/llama', llmFallbacks: [] };
  const closed = door().openThinking(named, signal);
  await assert.rejects(closed, isNotConfigured(/OPENAI_SECOND_API_KEY/));
});

test('a choice that nobody offers is quoted', async () => {
  const { signal } = new AbortController();
  const closed = door();
  const odd = { ...client, sttModel: 'ears"', llmModel: '', ttsProvider: 'nobody' };
  await assert.rejects(closed.openHearing(odd, signal), isNotConfigured(/"ears\\""/));
  await assert.rejects(closed.openSpeaking(odd, signal), isNotConfigured(/"nobody"/));
});

test('what is over is not opened', async () => {
  const open = door({ deepgram: { ...nowhere, key: 'k' } });
  const over = AbortSignal.abort(new Error('the call is over'));
  await assert.rejects(open.openHearing(client, over), /the call is over/);
});

test('every recogniser of a chain is told the names that callers may say, in the form it takes', async () => {
  const server = await startDeepgram();
  const { signal } = new AbortController();
  const listening = door({ deepgram: { url: server.url, key: 'k' } });
  const told: string[][] = [];
  for (const sttModel of ['nova-3', 'nova-2-phonecall', 'flux-general-en']) {
    using _hearing = await listening.openHearing({ ...client, sttModel }, signal);
    const { searchParams } = new URL(server.requests.at(-1)!.url, 'http://x');
    told.push([...searchParams.getAll('keyterm'), ...searchParams.getAll('keywords')]);
  }
  await server.close();
  const terms = ['Invisalign', 'Dr. Okonkwo', 'Reyes Dental', 'Siobhan'];
  const words = ['Invisalign:2', 'Okonkwo:2', 'Reyes:2', 'Dental:2', 'Siobhan:2'];
  assert.deepEqual(told, [terms, words, terms]);
});
