// OpenAI's realtime models as a stand-in: hears by the sandbox's recogniser, thinks by its receptionist, speaks by its voice.
// https://platform.openai.com/docs/guides/realtime

import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/lib/clock.ts';
import { decodeMulaw, encodeMulaw } from '../../../src/pipeline/audio/mulaw.ts';
import type { ChatMessage } from '../../receptionist/dialogue.ts';
import type { Reply } from '../../receptionist/reply.ts';
import type { Session } from '../../session.ts';
import type { Hearing } from '../../speech/hearing.ts';
import type { Speaker } from '../../speech/speaking.ts';
import { VoiceActivity } from '../../speech/voice-activity.ts';
import { write } from '../../speech/wording.ts';
import { voiceFor } from '../voices/voice-names.ts';

/** Hz of `audio/pcmu`, the only format taken here. */
const SAMPLE_RATE = 8000;
/** Audio in one message, and how many times faster than real time it comes. */
const PIECE_MS = 100;
const PACE = 5;
/** Quiet that ends the caller's turn where the client says nothing. */
const SILENCE_MS = 500;

export interface RealtimeParts {
  readonly session: Session;
  readonly clock: Clock;
  readonly hearing: Hearing;
  readonly speaker: Speaker;
  /** Before the first of an answer. */
  readonly firstMs: number;
  /** What the model does next. */
  answer(messages: readonly ChatMessage[], tools: readonly string[]): Reply;
}

interface Item {
  readonly id: string;
  message: ChatMessage;
  /** Of what was said: its length. */
  audioMs: number;
}

interface Settings {
  readonly instructions?: string;
  readonly tools?: readonly { readonly name: string }[];
  readonly audio?: {
    readonly input?: {
      readonly format?: { readonly type?: string };
      readonly turn_detection?: {
        readonly silence_duration_ms?: number;
        readonly create_response?: boolean;
        readonly interrupt_response?: boolean;
      };
      readonly transcription?: object;
    };
    readonly output?: { readonly format?: { readonly type?: string }; readonly voice?: string };
  };
}

interface ClientEvent {
  readonly type?: string;
  readonly session?: Settings;
  readonly audio?: string;
  readonly item?: {
    readonly type?: string;
    readonly role?: 'user' | 'assistant' | 'system';
    readonly content?: readonly { readonly text?: string }[];
    readonly call_id?: string;
    readonly name?: string;
    readonly arguments?: string;
    readonly output?: string;
  };
  readonly item_id?: string;
  readonly audio_end_ms?: number;
}

/** One session, from its first message to its end. */
export function converse(parts: RealtimeParts): void {
  const { session, clock, hearing, speaker } = parts;
  const stream = hearing.listen(SAMPLE_RATE);
  if (!stream) return session.close(1013, 'too many callers for this sandbox');
  session.signal.addEventListener('abort', () => stream.close(), { once: true });
  let settings: Settings = {};
  const items: Item[] = [];
  let running: AbortController | undefined;
  /** A response that waits for what the caller has said to be heard. */
  let asked: object | undefined;
  let inputItem = '';
  let last: Promise<void> = Promise.resolve();

  const activity = new VoiceActivity(SAMPLE_RATE, {
    started(atMs, samples) {
      inputItem = id('item');
      stream.add(samples);
      send('input_audio_buffer.speech_started', { audio_start_ms: atMs, item_id: inputItem });
      if (settings.audio?.input?.turn_detection?.interrupt_response ?? true) cancel();
    },
    went(samples) {
      stream.add(samples);
      const quietMs = settings.audio?.input?.turn_detection?.silence_duration_ms ?? SILENCE_MS;
      if (activity.silentMs >= quietMs) heard();
    },
    quiet() {},
  });

  send('session.created', { session: { type: 'realtime', model: 'sandbox' } });
  session.onText((text) => {
    let event: ClientEvent;
    try {
      event = JSON.parse(text) as ClientEvent;
    } catch {
      return fail('invalid_request_error', 'The message is not valid JSON.');
    }
    return take(event);
  });

  function take(event: ClientEvent): void {
    switch (event.type ?? '') {
      case 'session.update':
        return update(event.session ?? {});
      case 'input_audio_buffer.append':
        return activity.push(decodeMulaw(Buffer.from(event.audio ?? '', 'base64')));
      case 'conversation.item.create':
        return add(event.item ?? {});
      case 'conversation.item.truncate':
        return truncate(event);
      case 'response.create':
        if (running || asked) {
          return fail('invalid_request_error', 'There is an active response already.');
        }
        return answerHeard();
      case 'response.cancel':
        if (asked) return forget();
        if (!running) return fail('invalid_request_error', 'There is no response to cancel.');
        return cancel();
      default:
        return fail('invalid_request_error', `Unknown type ${String(event.type)}.`);
    }
  }

  function update(given: Settings): void {
    const formats = [given.audio?.input?.format?.type, given.audio?.output?.format?.type];
    if (formats.some((format) => format !== undefined && format !== 'audio/pcmu')) {
      return fail('invalid_request_error', 'The sandbox takes audio/pcmu only.');
    }
    settings = { ...settings, ...given };
    return send('session.updated', { session: settings });
  }

  function add(item: NonNullable<ClientEvent['item']>): void {
    const text = item.content?.[0]?.text ?? '';
    if (item.type === 'function_call_output') {
      push({ role: 'tool', tool_call_id: item.call_id ?? '', content: item.output ?? '' });
    } else if (item.type === 'function_call') {
      const asked = { name: item.name ?? '', arguments: item.arguments ?? '' };
      const call = { id: item.call_id ?? '', type: 'function', function: asked } as const;
      push({ role: 'assistant', content: null, tool_calls: [call] });
    } else if (item.type === 'message' && item.role) push({ role: item.role, content: text });
    else fail('invalid_request_error', 'The item is of no known type.');
  }

  function push(message: ChatMessage, itemId = id('item')): Item {
    const item = { id: itemId, message, audioMs: 0 };
    items.push(item);
    send('conversation.item.added', { item: { id: item.id, type: 'message', role: message.role } });
    return item;
  }

  /** What was said beyond it is forgotten. */
  function truncate({ item_id: itemId, audio_end_ms: endMs = 0 }: ClientEvent): void {
    const item = items.find((each) => each.id === itemId);
    if (!item || item.message.role !== 'assistant') {
      return fail('invalid_request_error', `There is no item ${String(itemId)}.`);
    }
    if (endMs > item.audioMs) {
      return fail('invalid_request_error', `Audio content of ${item.audioMs} ms is shorter.`);
    }
    const text = item.message.content ?? '';
    const share = item.audioMs === 0 ? 0 : endMs / item.audioMs;
    item.message = { ...item.message, content: text.slice(0, Math.round(text.length * share)) };
    item.audioMs = endMs;
    return send('conversation.item.truncated', { item_id: itemId, audio_end_ms: endMs });
  }

  function heard(): void {
    const itemId = inputItem;
    const words = stream!.finish();
    activity.over();
    send('input_audio_buffer.speech_stopped', {
      audio_end_ms: activity.heardMs,
      item_id: itemId,
    });
    send('input_audio_buffer.committed', { item_id: itemId });
    last = last.then(async () => {
      const written = write(await words, { punctuate: true, numerals: true, final: true });
      const text = written.map((word) => word.written).join(' ');
      if (session.signal.aborted) return;
      if (text !== '') push({ role: 'user', content: text }, itemId);
      if (settings.audio?.input?.transcription) {
        send('conversation.item.input_audio_transcription.completed', {
          item_id: itemId,
          content_index: 0,
          transcript: text,
        });
      }
      const answers = settings.audio?.input?.turn_detection?.create_response ?? true;
      if (text !== '' && answers) respond();
    });
  }

  function cancel(): void {
    running?.abort(new Error('cancelled'));
    running = undefined;
  }

  /** The model hears sound; this one needs the words of it first. */
  function answerHeard(): void {
    const mine = {};
    asked = mine;
    last = last.then(() => {
      if (asked !== mine || session.signal.aborted) return;
      asked = undefined;
      respond();
    });
  }

  /** A response that was not begun is over all the same. */
  function forget(): void {
    asked = undefined;
    const response = { id: id('resp'), status: 'cancelled' };
    send('response.created', { response: { ...response, status: 'in_progress' } });
    send('response.done', { response });
  }

  function respond(): void {
    cancel();
    const stop = new AbortController();
    running = stop;
    session.signal.addEventListener('abort', () => stop.abort(new Error('gone')), { once: true });
    answer(stop.signal).then(
      () => {
        if (running === stop) running = undefined;
      },
      () => {},
    );
  }

  async function answer(signal: AbortSignal): Promise<void> {
    const responseId = id('resp');
    const { instructions = '', tools = [] } = settings;
    const messages: ChatMessage[] = [
      { role: 'system', content: instructions },
      ...items.map(({ message }) => message),
    ];
    const said = obedient(
      parts.answer(
        messages,
        tools.map(({ name }) => name),
      ),
      messages,
    );
    send('response.created', { response: { id: responseId, status: 'in_progress' } });
    try {
      await clock.sleep(parts.firstMs, signal);
      if (said.text.trim() !== '') await speak(responseId, said.text, signal);
      for (const call of said.calls) ask(responseId, call);
      done(responseId, 'completed', messages, said.text);
    } catch (error) {
      if (!session.signal.aborted) done(responseId, 'cancelled', messages, '');
      throw error;
    }
  }

  async function speak(responseId: string, text: string, signal: AbortSignal): Promise<void> {
    const item = push({ role: 'assistant', content: text });
    const about = { response_id: responseId, item_id: item.id, output_index: 0, content_index: 0 };
    for (const delta of text.match(/\s*\S+/g) ?? []) {
      send('response.output_audio_transcript.delta', { ...about, delta });
    }
    const voice = voiceFor(settings.audio?.output?.voice ?? 'marin');
    const { samples } = await speaker.speak(text, { voice, sampleRate: SAMPLE_RATE });
    const step = (SAMPLE_RATE * PIECE_MS) / 1000;
    for (let at = 0; at < samples.length; at += step) {
      signal.throwIfAborted();
      const piece = samples.subarray(at, at + step);
      item.audioMs += (piece.length / SAMPLE_RATE) * 1000;
      const delta = Buffer.from(encodeMulaw(piece)).toString('base64');
      send('response.output_audio.delta', { ...about, delta });
      await clock.sleep(PIECE_MS / PACE, signal);
    }
    send('response.output_audio.done', about);
    send('response.output_audio_transcript.done', { ...about, transcript: text });
  }

  function ask(responseId: string, call: Reply['calls'][number]): void {
    const callId = id('call');
    const args = JSON.stringify(call.arguments);
    const toolCall = { id: callId, function: { name: call.name, arguments: args } };
    const item = push({ role: 'assistant', content: null, tool_calls: [toolCall] });
    send('response.function_call_arguments.done', {
      response_id: responseId,
      item_id: item.id,
      call_id: callId,
      name: call.name,
      arguments: args,
    });
  }

  function done(
    responseId: string,
    status: 'completed' | 'cancelled',
    messages: readonly ChatMessage[],
    text: string,
  ): void {
    const characters = messages.reduce((sum, each) => sum + (each.content?.length ?? 0), 0);
    const usage = {
      input_tokens: Math.ceil(characters / 4),
      output_tokens: Math.ceil(text.length / 2) + 1,
      total_tokens: 0,
    };
    send('response.done', { response: { id: responseId, status, usage } });
  }

  function fail(type: string, message: string): void {
    send('error', { error: { type, code: 'sandbox', message, param: null } });
  }

  function send(type: string, fields: object): void {
    session.send({ type, event_id: id('event'), ...fields });
  }
}

/** What a tool wants said word for word comes first, as a model does that follows what it is told. */
function obedient(reply: Reply, messages: readonly ChatMessage[]): Reply {
  const last = messages.at(-1);
  const say = last?.role === 'tool' && /word for word: "(.+)"$/s.exec(last.content ?? '')?.[1];
  return say ? { ...reply, text: `${say} ${reply.text}`.trim() } : reply;
}

function id(kind: string): string {
  return `${kind}_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
}
