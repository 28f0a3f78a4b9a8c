// What a new client has where its owner says nothing.

import {
  LLM_MODEL_DEFAULT,
  STT_MODEL_DEFAULT,
  TTS_PROVIDER_DEFAULT,
} from '../../../pipeline/vendors.ts';
import type { ClientSettings } from '../../../store/clients/owned-clients.ts';
import { toolNames } from '../../schemas/client-settings.ts';

export const usual: Omit<ClientSettings, 'name'> = {
  phoneNumber: null,
  zone: 'America/New_York',
  language: 'en-US',
  systemPrompt: '',
  initialGreeting: '',
  disclosure: '',
  llmModel: LLM_MODEL_DEFAULT,
  sttModel: STT_MODEL_DEFAULT,
  ttsProvider: TTS_PROVIDER_DEFAULT,
  ttsModel: '',
  ttsVoiceId: '',
  sttFallbacks: null,
  llmFallbacks: null,
  ttsFallbacks: null,
  enabledTools: toolNames,
  calendarId: '',
  fallbackNumber: null,
  concurrencyMax: 10,
  callSecondsMax: 3600,
  isActive: true,
  recordingEnabled: false,
  recordingNotice: '',
  recordingDays: 30,
  alertBelowSeconds: null,
  alertEmail: null,
  remindHours: 24,
  patience: 'normal',
  speculation: true,
  noiseSuppression: false,
  pronunciations: [],
  keyterms: [],
};
