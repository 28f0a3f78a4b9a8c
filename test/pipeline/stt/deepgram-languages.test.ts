// Which model and language Deepgram is asked for, by the language of a client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepgramModel } from '../../../src/pipeline/stt/deepgram-languages.ts';

const table: readonly (readonly [string, string, model: string, language: string])[] = [
  ['nova-3', 'en-US', 'nova-3', 'en-US'],
  ['nova-3', 'en-GB', 'nova-3', 'en-GB'],
  ['nova-3', 'en-IE', 'nova-3', 'en'],
  ['nova-3', 'de-DE', 'nova-3', 'de'],
  ['nova-3', 'de-CH', 'nova-3', 'de-CH'],
  ['nova-3', 'es-ES', 'nova-3', 'es'],
  ['nova-3', 'es-MX', 'nova-3', 'es-419'],
  ['nova-3', 'es-419', 'nova-3', 'es-419'],
  ['nova-3', 'fr-FR', 'nova-3', 'fr'],
  ['nova-3', 'fr-CA', 'nova-3', 'fr-CA'],
  ['nova-3', 'it-IT', 'nova-3', 'it'],
  ['nova-3', 'pt-BR', 'nova-3', 'pt-BR'],
  ['nova-3', 'pt-br', 'nova-3', 'pt-BR'],
  ['nova-2-phonecall', 'en-US', 'nova-2-phonecall', 'en-US'],
  ['nova-2-phonecall', 'en-GB', 'nova-2-phonecall', 'en'],
  ['nova-2-phonecall', 'de-DE', 'nova-2', 'de'],
  ['nova-2-phonecall', 'pt', 'nova-2', 'pt'],
];

for (const [chosen, tag, model, language] of table) {
  test(`${chosen} for ${tag}`, () => {
    assert.deepEqual(deepgramModel(chosen, tag), { model, language });
  });
}
