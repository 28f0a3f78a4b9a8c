// The assistant that users talk to where no business is named: as a client of its own kind, made of settings and preferences.

import { findTextToSpeech } from '../../pipeline/vendors.ts';
import type { Client } from '../../store/clients/clients.ts';
import type { Preferences } from '../../store/accounts/users.ts';
import type { BotSettings, SystemSettings } from '../settings.ts';

/** No client in the database has it. */
export const ASSISTANT_ID = '00000000-0000-0000-0000-000000000000';
const TOPICS_MAX = 20;

/** Voices by the names that OpenAI gives them: other vendors do not know these. */
const openaiVoices = new Set(['alloy', 'echo', 'fable', 'onyx', 'nova', 'shimmer']);

export interface AssistantParts {
  readonly system: SystemSettings;
  readonly bot: BotSettings;
  /** Of the user; undefined for somebody unknown. */
  readonly preferences: Preferences | undefined;
  /** Asked for with this conversation. A user's own override goes before it. */
  readonly systemPrompt?: string | undefined;
}

export function assistantClient({ system, bot, ...rest }: AssistantParts): Client {
  const { preferences, systemPrompt } = rest;
  const topics = preferences?.favoriteTopics.slice(0, TOPICS_MAX) ?? [];
  const asked = preferences?.systemPromptOverride || systemPrompt || bot.system_prompt;
  const likes = topics.length > 0 ? `The user likes to talk about: ${topics.join(', ')}.` : '';
  return {
    id: ASSISTANT_ID,
    ownerId: ASSISTANT_ID,
    name: 'Assistant',
    phoneNumber: null,
    zone: 'UTC',
    language: preferences?.preferredLanguage ?? 'en',
    systemPrompt: [asked, likes].filter((each) => each !== '').join('\n\n'),
    initialGreeting: bot.greeting,
    disclosure: '',
    llmModel: system.llm_model,
    sttModel: system.stt_model,
    sttFallbacks: null,
    llmFallbacks: null,
    ttsFallbacks: null,
    ttsModel: '',
    ...voiceOf(system, preferences?.preferredVoice ?? ''),
    enabledTools: [],
    fallbackNumber: null,
    concurrencyMax: 1,
    callSecondsMax: system.session_seconds_max,
    isActive: true,
    patience: 'normal',
    speculation: true,
    noiseSuppression: false,
    pronunciations: [],
    keyterms: [],
    auditFailedAt: null,
    recordingEnabled: false,
    recordingNotice: '',
    recordingDays: 1,
  };
}

/** The voice that the user prefers where its vendor is on the shelf, else the system's. */
function voiceOf(
  system: SystemSettings,
  preferred: string,
): Pick<Client, 'ttsProvider' | 'ttsVoiceId'> {
  if (openaiVoices.has(preferred)) {
    const known = findTextToSpeech('openai', '', preferred);
    if (known) return { ttsProvider: 'openai', ttsVoiceId: preferred };
  } else if (preferred !== '') {
    return { ttsProvider: system.tts_provider, ttsVoiceId: preferred };
  }
  return { ttsProvider: system.tts_provider, ttsVoiceId: system.tts_voice_id };
}
