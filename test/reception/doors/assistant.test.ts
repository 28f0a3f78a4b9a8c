// The assistant as a client: whose prompt, whose voice, whose language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assistantClient } from '../../../src/reception/doors/assistant.ts';
import type { BotSettings, SystemSettings } from '../../../src/reception/settings.ts';

const system = {
  llm_model: 'openai/gpt-4o-mini',
  stt_model: 'nova-3',
  tts_provider: 'cartesia',
  tts_voice_id: 'usual',
  session_seconds_max: 600,
} as SystemSettings;
const bot = { system_prompt: 'Be helpful.', greeting: 'Hello!' } as BotSettings;
const preferences = {
  preferredVoice: 'f786b574-daa5-4673-aa0c-cbe3e8534c02',
  preferredLanguage: 'es',
  favoriteTopics: ['travel', 'food'],
  systemPromptOverride: '',
};

test('what the user prefers goes before what was asked for, and that before the settings', () => {
  const nobody = assistantClient({ system, bot, preferences: undefined });
  assert.deepEqual(
    [nobody.systemPrompt, nobody.language, nobody.ttsVoiceId, nobody.callSecondsMax],
    ['Be helpful.', 'en', 'usual', 600],
  );
  const asked = assistantClient({ system, bot, preferences, systemPrompt: 'Be a guide.' });
  assert.equal(asked.systemPrompt, 'Be a guide.\n\nThe user likes to talk about: travel, food.');
  assert.deepEqual([asked.language, asked.ttsVoiceId], ['es', preferences.preferredVoice]);
  const override = { ...preferences, systemPromptOverride: 'Be brief.', favoriteTopics: [] };
  const own = assistantClient({ system, bot, preferences: override, systemPrompt: 'Be a guide.' });
  assert.equal(own.systemPrompt, 'Be brief.');
});

test("a voice of OpenAI's is not asked of another vendor", () => {
  const alloy = { ...preferences, preferredVoice: 'alloy' };
  const client = assistantClient({ system, bot, preferences: alloy });
  assert.ok(client.ttsProvider === 'openai' || client.ttsVoiceId === 'usual');
});
