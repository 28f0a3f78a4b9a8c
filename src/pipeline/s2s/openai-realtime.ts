// OpenAI's realtime models: the caller's mu-law in, the model's mu-law out, over one socket.
// https://platform.openai.com/docs/guides/realtime

import { AppError } from '../../lib/errors.ts';
import { openSocket } from '../../lib/socket.ts';
import type { Socket } from '../../lib/socket.ts';
import { told } from '../../lib/told.ts';
import { asObject, parseObject, readObject, readText } from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';
import { decodeMulaw, encodeMulaw } from '../audio/mulaw.ts';
import { transcriptionPrompt } from '../keyterms.ts';
import type {
  SpeechEvent,
  SpeechSession,
  SpeechToSpeech,
  SpeechVendor,
} from '../realtime/speech-to-speech.ts';
import { readUsage } from '../model-usage.ts';
import { messagesOf } from '../thinking/conversation.ts';
import { WORDS_CHARACTERS_MAX } from '../stt/recogniser.ts';
import type { ModelUsage, Samples, ToolCall, VendorParts, VendorSettings } from '../types.ts';

/** Frames in one message. */
const BATCH_FRAMES = 3;
/** Hears the caller's words for the transcript; the model itself hears the sound. */
const TRANSCRIPTION = 'gpt-4o-mini-transcribe';
/** From our asking to the first of an answer, and from one of its messages to the next. */
const ANSWER_MS = 4000;
const BAD_MESSAGES_MAX = 20;
/** Quiet that ends the caller's turn, and sound before it that counts. When to answer and when to be silent is ours to say. */
const TURN_DETECTION = {
  type: 'server_vad',
  silence_duration_ms: 450,
  prefix_padding_ms: 300,
  create_response: false,
  interrupt_response: false,
};

export const vendor: SpeechVendor = { keyName: 'OPENAI_API_KEY', open };

async function open(
  settings: VendorSettings,
  parts: VendorParts,
  callSignal: AbortSignal,
): Promise<SpeechToSpeech & Disposable> {
  const model = settings.model.replace(/^openai\//, '');
  const socket = await openSocket({
    url: `${settings.url}/realtime?model=${encodeURIComponent(model)}`,
    headers: { Authorization: `Bearer ${settings.key}` },
    name: NAME,
    key: settings.key,
    clock: parts.clock,
    signal: callSignal,
  });
  return new Realtime(settings, parts, socket);
}

const NAME = 'openai-realtime';
/** What it refuses is told with the name of the message. */
const SESSION = 'session';

class Realtime implements SpeechToSpeech, Disposable {
  readonly #voice: string;
  readonly #key: string;
  readonly #prompt: string | undefined;
  readonly #parts: VendorParts;
  readonly #socket: Socket;
  #batch: Samples[] = [];
  #badMessages = 0;
  /** An answer is asked for and has not begun. */
  #asked = false;
  /** The answer that is being made. */
  #answering: string | undefined;
  /** Something of it can be heard, or done. */
  #made = false;
  /** That one is not wanted: nothing is told of it. */
  #cancelled = false;
  /** Another one is to be asked for when it is over: two at a time are refused. */
  #due = false;
  #waiting: Disposable | undefined;
  #stalled: AppError | undefined;

  constructor({ voice, key, keyterms }: VendorSettings, parts: VendorParts, socket: Socket) {
    this.#voice = voice;
    this.#key = key;
    this.#prompt = transcriptionPrompt(keyterms);
    this.#parts = parts;
    this.#socket = socket;
  }

  get events(): AsyncIterable<SpeechEvent> {
    return this.#read();
  }

  begin({ instructions, tools, language, history }: SpeechSession): void {
    const format = { type: 'audio/pcmu' };
    const prompt = this.#prompt;
    const transcription = { model: TRANSCRIPTION, language: language.split('-')[0], prompt };
    this.#send({
      type: 'session.update',
      event_id: SESSION,
      session: {
        type: 'realtime',
        instructions,
        output_modalities: ['audio'],
        audio: {
          input: { format, transcription, turn_detection: TURN_DETECTION },
          output: { format, voice: this.#voice },
        },
        tools: tools.map(({ name, description, parameters }) => ({
          type: 'function',
          name,
          description,
          parameters,
        })),
        tool_choice: 'auto',
      },
    });
    for (const message of messagesOf(history)) {
      if (message.role === 'tool') this.result(message.callId, message.result);
      else if (message.text !== '') {
        this.#add(message.role === 'assistant' ? 'assistant' : 'user', message.text);
      }
      if (message.role === 'assistant') for (const call of message.toolCalls) this.#addCall(call);
    }
  }

  hear(samples: Samples): void {
    this.#batch.push(samples);
    if (this.#batch.length < BATCH_FRAMES) return;
    const bytes = this.#batch.map((each) => encodeMulaw(each));
    this.#batch = [];
    this.#send({
      type: 'input_audio_buffer.append',
      audio: Buffer.concat(bytes).toString('base64'),
    });
  }

  respond(): void {
    this.#expectAnswer();
    if (this.#busy) this.#due = true;
    else this.#ask();
  }

  tell(text: string): void {
    this.#add('user', text);
  }

  result(callId: string, text: string): void {
    const item = { type: 'function_call_output', call_id: callId, output: text };
    this.#send({ type: 'conversation.item.create', item });
  }

  cut(item: string, heardMs: number): void {
    this.#send({
      type: 'conversation.item.truncate',
      item_id: item,
      content_index: 0,
      audio_end_ms: Math.max(0, Math.floor(heardMs)),
    });
  }

  cancel(): void {
    this.#due = false;
    if (!this.#busy || this.#cancelled) return;
    this.#cancelled = true;
    this.#answered();
    this.#send({ type: 'response.cancel' });
  }

  get #busy(): boolean {
    return this.#asked || this.#answering !== undefined;
  }

  #ask(): void {
    this.#asked = true;
    this.#send({ type: 'response.create' });
  }

  [Symbol.dispose](): void {
    this.#waiting?.[Symbol.dispose]();
    this.#socket[Symbol.dispose]();
  }

  #add(role: 'user' | 'assistant', text: string): void {
    const content = [{ type: role === 'user' ? 'input_text' : 'output_text', text }];
    this.#send({ type: 'conversation.item.create', item: { type: 'message', role, content } });
  }

  #addCall({ id, name, arguments: given }: ToolCall): void {
    const item = { type: 'function_call', call_id: id, name, arguments: given };
    this.#send({ type: 'conversation.item.create', item });
  }

  #send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  async *#read(): AsyncGenerator<SpeechEvent> {
    for await (const message of this.#socket.messages) {
      let event: SpeechEvent | undefined;
      try {
        event = this.#understand(parseObject(message));
      } catch (error) {
        if (error instanceof AppError) throw error;
        this.#badMessages += 1;
        if (this.#badMessages < BAD_MESSAGES_MAX) continue;
        throw new AppError('vendor_failed', `${NAME}: ${this.#badMessages} unreadable messages`, {
          cause: error,
        });
      }
      if (event) yield event;
    }
    throw this.#stalled ?? new AppError('vendor_failed', `${NAME}: closed by the vendor`);
  }

  #understand(message: JsonObject): SpeechEvent | undefined {
    const of = message['response_id'];
    if (of !== undefined && (this.#cancelled || of !== this.#answering)) return undefined;
    const type = readText(message, 'type');
    // What it says, writes or asks for, and not what it only announces.
    if (of !== undefined && type.endsWith('.delta')) this.#expectMore();
    switch (type) {
      case 'input_audio_buffer.speech_started':
        return { type: 'speech-started' };
      case 'input_audio_buffer.speech_stopped':
        return { type: 'speech-stopped' };
      case 'conversation.item.input_audio_transcription.completed':
        return {
          type: 'caller',
          text: readText(message, 'transcript', WORDS_CHARACTERS_MAX).trim(),
        };
      case 'response.created':
        return this.#begun(readText(readObject(message, 'response'), 'id'));
      case 'response.output_audio_transcript.delta':
        return { type: 'text', text: readText(message, 'delta') };
      case 'response.output_audio.delta': {
        const samples = decodeMulaw(Uint8Array.fromBase64(readText(message, 'delta')));
        this.#made = true;
        return { type: 'audio', item: readText(message, 'item_id'), samples };
      }
      case 'response.function_call_arguments.done': {
        this.#made = true;
        const [id, name] = [readText(message, 'call_id'), readText(message, 'name')];
        const call = { id, name, arguments: readText(message, 'arguments') };
        return { type: 'tool-call', call };
      }
      case 'response.done':
        return this.#done(readObject(message, 'response'));
      case 'error':
        return this.#error(readObject(message, 'error'));
      default:
        return undefined;
    }
  }

  #begun(id: string): SpeechEvent | undefined {
    this.#asked = false;
    this.#answering = id;
    this.#made = false;
    return this.#cancelled ? undefined : { type: 'answer' };
  }

  #done(response: JsonObject): SpeechEvent | undefined {
    // Of one that is over already, or was never begun.
    if (readText(response, 'id') !== this.#answering) return undefined;
    const unwanted = this.#cancelled;
    this.#answering = undefined;
    this.#cancelled = false;
    if (!this.#due) this.#answered();
    else this.#ask();
    this.#due = false;
    if (unwanted) return undefined;
    const status = readText(response, 'status');
    // The caller is waiting: nothing but silence would come of an answer that broke off before a sound.
    if (status === 'failed' || (status === 'incomplete' && !this.#made)) {
      const details = asObject(response['status_details'] ?? {}, 'status_details');
      const error = asObject(details['error'] ?? {}, 'error');
      const code = readText(error, 'code') || readText(details, 'reason') || status;
      throw this.#failure(`${code} ${readText(error, 'message')}`);
    }
    return { type: 'done', completed: status === 'completed', usage: usageOf(response['usage']) };
  }

  /** Most are about one message that came too late, such as a cut of what is over: the session goes on. */
  #error(error: JsonObject): undefined {
    const type = readText(error, 'type');
    const what = told(`${readText(error, 'code')} ${readText(error, 'message')}`, this.#key);
    // Without its session it would speak without instructions, and in another encoding.
    const isSession = error['event_id'] === SESSION;
    if (type !== 'server_error' && type !== 'authentication_error' && !isSession) {
      this.#parts.log.warn('a realtime model objects', { vendor: NAME, error: what });
      return undefined;
    }
    throw this.#failure(what);
  }

  #failure(what: string): AppError {
    return new AppError('vendor_failed', `${NAME}: ${told(what, this.#key)}`);
  }

  /** The rest of an answer, unless another is waited for already. */
  #expectMore(): void {
    if (!this.#due) this.#expectAnswer();
  }

  #expectAnswer(): void {
    this.#answered();
    this.#waiting = this.#parts.clock.after(ANSWER_MS, () => {
      this.#stalled = new AppError('vendor_failed', `${NAME}: nothing for ${ANSWER_MS} ms`, {
        upstream: { stalled: true },
      });
      this.#socket[Symbol.dispose]();
    });
  }

  #answered(): void {
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = undefined;
  }
}

function usageOf(usage: unknown): ModelUsage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const { input_tokens: inputTokens, output_tokens: outputTokens } = usage as JsonObject;
  return readUsage(inputTokens, outputTokens);
}
