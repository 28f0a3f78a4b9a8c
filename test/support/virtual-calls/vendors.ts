// Vendors in virtual time, with fixed delays: a recogniser that knows the script, a model that follows one, a voice.

import { abortable } from '../../../src/lib/abort.ts';
import { Channel } from '../../../src/lib/channel.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { AppError } from '../../../src/lib/errors.ts';
import { FLUSH, FRAME_MS } from '../../../src/pipeline/types.ts';
import type {
  LanguageModel,
  Message,
  ModelEvent,
  ModelRequest,
  SpeechToText,
  TextToSpeech,
  Transcript,
  Word,
} from '../../../src/pipeline/types.ts';
import type { Said } from './line.ts';

export const HEAR_MS = 150;
export const THINK_MS = 250;
export const SPEAK_MS = 90;
/** How fast the voice speaks. */
export const MS_PER_CHARACTER = 60;

/** Fails at the n-th step of any vendor, counted over a whole call; for "every failure" tests. */
export class Faults {
  failAt = Number.POSITIVE_INFINITY;
  steps = 0;

  step(what: string): void {
    this.steps += 1;
    if (this.steps === this.failAt) throw new AppError('vendor_failed', `planted: ${what}`);
  }
}

/** Hears what the line's script says: words so far every 300 ms of voice, final ones `HEAR_MS` after a flush. */
export function testRecogniser(
  clock: Clock,
  said: readonly Said[],
  faults = new Faults(),
): SpeechToText {
  return {
    endpointing: 'local',
    async *transcribe(audio, { sampleRate, signal }) {
      faults.step('transcribe');
      const frameSamples = (sampleRate * FRAME_MS) / 1000;
      const out = new Channel<Transcript>(64);
      let frame = 0;
      let used = 0;
      const follow = async () => {
        for await (const item of abortable(audio, signal)) {
          if (item === FLUSH) {
            const words = said.filter((each) => each.toFrame > used && each.toFrame <= frame);
            used = frame;
            const text = words.map((each) => each.text).join(' ');
            const report = { type: 'words', text, final: true, flushed: true, words: [] } as const;
            const { confidence } = words[0] ?? {};
            clock.after(HEAR_MS, () => out.push({ ...report, confidence }));
            continue;
          }
          for (let passed = 0; passed < item.length; passed += frameSamples) hearFrame();
        }
      };
      const hearFrame = () => {
        frame += 1;
        const now = said.find((each) => each.fromFrame < frame && each.toFrame >= frame);
        if (!now || (frame - now.fromFrame) % 15 !== 0) return;
        const share = (frame - now.fromFrame) / (now.toFrame - now.fromFrame);
        const words = now.text.split(' ');
        const text = words.slice(0, Math.floor(words.length * share)).join(' ');
        if (text === '') return;
        const { confidence } = now;
        out.push({ type: 'words', text, final: false, flushed: false, words: [], confidence });
      };
      follow().then(
        () => out.end(),
        (error: unknown) => out.end(error),
      );
      for await (const transcript of abortable(out, signal)) {
        faults.step('transcript');
        yield transcript;
      }
    },
  };
}

/** What the model says to one request: a text, or events. A function sees the messages. */
export type Answer = string | readonly ModelEvent[];
export type Answers = (Answer | ((messages: readonly Message[]) => Answer))[];

export interface TestModel extends LanguageModel {
  /** The messages of each request. */
  readonly requests: (readonly Message[])[];
}

/** Gives the answers one after the other, the first token after `THINK_MS`, then a word every 20 ms. */
export function testModel(clock: Clock, answers: Answers, faults = new Faults()): TestModel {
  const requests: (readonly Message[])[] = [];
  return { requests, generate };

  async function* generate({ messages, signal }: ModelRequest): AsyncGenerator<ModelEvent> {
    requests.push(messages);
    faults.step('model request');
    const answer = answers.shift() ?? 'I have nothing more to say.';
    const given = typeof answer === 'function' ? answer(messages) : answer;
    await clock.sleep(THINK_MS, signal);
    const events = typeof given === 'string' ? tokens(given) : given;
    for (const event of events) {
      faults.step('model token');
      yield event;
      await clock.sleep(20, signal);
    }
    if (events.at(-1)?.type === 'end') return;
    const asks = events.some((event) => event.type === 'tool-call');
    const usage = { inputTokens: 100, outputTokens: events.length };
    yield { type: 'end', finish: asks ? 'tool-calls' : 'stop', usage };
  }
}

export function tokens(text: string): ModelEvent[] {
  return (text.match(/\S+\s*/g) ?? []).map((word) => ({ type: 'text', text: word }));
}

let calls = 0;

export function toolCall(name: string, args: object): ModelEvent {
  calls += 1;
  return {
    type: 'tool-call',
    call: { id: `call-${calls}`, name, arguments: JSON.stringify(args) },
  };
}

/** Speaks each piece `SPEAK_MS` after it came, 100 ms of audio at a time, faster than it is played. */
export function testVoice(clock: Clock, faults = new Faults()): TextToSpeech {
  return {
    async *synthesize(text, { sampleRate, signal }) {
      let atMs = 0;
      for await (const piece of abortable(text, signal)) {
        faults.step('voice piece');
        await clock.sleep(SPEAK_MS, signal);
        const words: Word[] = [];
        for (const match of piece.matchAll(/\S+\s*/g)) {
          const ms = match[0].length * MS_PER_CHARACTER;
          words.push({ text: match[0].trim(), startMs: atMs, endMs: atMs + ms });
          atMs += ms;
        }
        yield { type: 'words', words };
        const lengthMs = piece.length * MS_PER_CHARACTER;
        for (let doneMs = 0; doneMs < lengthMs; doneMs += 100) {
          const ms = Math.min(100, lengthMs - doneMs);
          const samples = new Int16Array((ms / 1000) * sampleRate).fill(3000);
          yield { type: 'audio', samples };
          await clock.sleep(10, signal);
        }
      }
    },
  };
}
