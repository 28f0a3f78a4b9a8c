// Stand-ins that follow a script, a phone to call with, and the environment that points a server at them.

import type { Call } from '../../../sandbox/phone/call.ts';
import { Phone } from '../../../sandbox/phone/phone.ts';
import type { PhoneOptions, PlaceCallOptions } from '../../../sandbox/phone/phone.ts';
import type { Hearing } from '../../../sandbox/speech/hearing.ts';
import { scriptedHearing } from '../../../sandbox/speech/scripted-hearing.ts';
import type { Speaker } from '../../../sandbox/speech/speaking.ts';
import { toneSpeaker } from '../../../sandbox/speech/tone-speaker.ts';
import type { StandIn } from '../../../sandbox/stand-in-server.ts';
import { startCartesia } from '../../../sandbox/vendors/voices/cartesia.ts';
import { startDeepgram } from '../../../sandbox/vendors/deepgram/deepgram.ts';
import { startElevenLabs } from '../../../sandbox/vendors/voices/elevenlabs.ts';
import { startOpenai } from '../../../sandbox/vendors/openai/openai.ts';
import type { OpenaiStandIn } from '../../../sandbox/vendors/openai/openai.ts';
import { startTwilio } from '../../../sandbox/vendors/twilio/twilio.ts';
import type { TwilioOptions, TwilioStandIn } from '../../../sandbox/vendors/twilio/twilio.ts';
import type { VoiceStandIn } from '../../../sandbox/vendors/voices/voice-options.ts';
import { freePort } from '../free-port.ts';
import { vowels } from '../sounds.ts';

const KEY = 'a-key-of-the-stand-ins';
const SECOND_KEY = 'a-key-of-the-second-server';
const AUTH_TOKEN = 'the-auth-token-of-the-tests';
/** More callers than any test has. */
const CONTEXTS_MAX = 100;

export interface RigOptions {
  /** Milliseconds to the model's first token. */
  readonly firstTokenMs?: number;
  /** Each caller says all of `says`; otherwise all callers together go through it. */
  readonly eachCaller?: boolean;
  /** What happens to whom callers are put through to. */
  readonly dial?: PhoneOptions['dial'];
  /** Who picks up when we call. */
  readonly answers?: TwilioOptions['answers'];
  /** Another voice has a key, too, and takes over. */
  readonly secondVoice?: boolean;
  /** OpenAI hears and speaks, too: by models that do both, by its voices, by its transcription. */
  readonly openaiSpeaks?: boolean;
  /** What really hears callers, and really speaks; the test closes them. Without it, a script and tones. */
  readonly senses?: { readonly hearing: Hearing; readonly speaker: Speaker };
  /** A second server of models, with another key, where `second/other` is. */
  readonly secondModels?: boolean;
}

export interface Rig {
  readonly publicUrl: string;
  readonly authToken: string;
  readonly accountSid: string;
  readonly phone: Phone;
  /** What the callers say, one text for each stretch of voice; a test may add to it. */
  readonly says: string[];
  readonly deepgram: StandIn;
  readonly openai: OpenaiStandIn;
  /** Answers only with `secondModels`. */
  readonly openaiSecond: OpenaiStandIn;
  readonly cartesia: VoiceStandIn;
  readonly elevenlabs: VoiceStandIn;
  readonly twilio: TwilioStandIn;
  /** For a server on `publicUrl`, without a database and a place for its data. */
  readonly env: Readonly<Record<string, string>>;
  /** A stretch of voice as long as saying `text` takes. */
  voice(text: string): Int16Array;
  /** Calls `to` from a number of its own. */
  call(options: Partial<PlaceCallOptions> & { readonly to: string }): Call;
}

/** Closed with the stack: the phone's calls first. */
export async function startRig(
  stack: AsyncDisposableStack,
  {
    firstTokenMs = 80,
    eachCaller = false,
    dial,
    answers,
    secondVoice = false,
    openaiSpeaks = false,
    secondModels = false,
    senses,
  }: RigOptions = {},
): Promise<Rig> {
  const says: string[] = [];
  const accountSid = `AC${'0'.repeat(32)}`;
  const phone = new Phone({ accountSid, authToken: AUTH_TOKEN, ...(dial && { dial }) });
  const [deepgram, openai, openaiSecond, cartesia, elevenlabs, twilio, port] = await Promise.all([
    startDeepgram({
      key: KEY,
      hearing:
        senses?.hearing ?? scriptedHearing({ texts: says, delayMs: 100, eachStream: eachCaller }),
    }),
    startOpenai({
      key: KEY,
      firstTokenMs,
      tokenMs: 5,
      ...(openaiSpeaks && {
        hearing: scriptedHearing({ texts: says, delayMs: 100, eachStream: eachCaller }),
        speaker: toneSpeaker({ firstByteMs: 40 }),
      }),
    }),
    startOpenai({ key: SECOND_KEY, firstTokenMs, tokenMs: 5 }),
    startCartesia({
      key: KEY,
      speaker: senses?.speaker ?? toneSpeaker({ firstByteMs: 40 }),
      contextsMax: CONTEXTS_MAX,
    }),
    startElevenLabs({ key: KEY, speaker: toneSpeaker({ firstByteMs: 40 }) }),
    startTwilio({ phone, ...(answers && { answers }) }),
    freePort(),
  ]);
  for (const standIn of [deepgram, openai, openaiSecond, cartesia, elevenlabs, twilio])
    stack.defer(() => standIn.close());
  stack.defer(() => phone.hangUpAll());
  const publicUrl = `http://127.0.0.1:${port}`;
  let callers = 0;
  return {
    publicUrl,
    authToken: AUTH_TOKEN,
    accountSid,
    phone,
    says,
    deepgram,
    openai,
    openaiSecond,
    cartesia,
    elevenlabs,
    twilio,
    env: {
      PORT: String(port),
      PUBLIC_URL: publicUrl,
      SANDBOX: 'off',
      JWT_SECRET: 'x'.repeat(32),
      SEALING_KEY: 'y'.repeat(32),
      TWILIO_ACCOUNT_SID: accountSid,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_BASE_URL: twilio.url,
      DEEPGRAM_API_KEY: KEY,
      DEEPGRAM_BASE_URL: deepgram.url,
      OPENAI_API_KEY: KEY,
      OPENAI_BASE_URL: openai.url,
      CARTESIA_API_KEY: KEY,
      CARTESIA_BASE_URL: cartesia.url,
      ELEVENLABS_BASE_URL: elevenlabs.url,
      ...(secondModels && {
        OPENAI_SECOND_BASE_URL: openaiSecond.url,
        OPENAI_SECOND_API_KEY: SECOND_KEY,
        OPENAI_SECOND_MODEL: 'other',
      }),
      ...(secondVoice ? { ELEVENLABS_API_KEY: KEY } : {}),
    },
    voice,
    call(options) {
      callers += 1;
      const from = `+1415555${String(callers).padStart(4, '0')}`;
      return phone.placeCall({ publicUrl, from, ...options });
    },
  };
}

/** Voice to any detector, about as long as the words take. */
function voice(text: string): Int16Array {
  return vowels(8000, Math.max(300, text.length * 60));
}
