// A model that hears and speaks itself, in virtual time: knows the line's script, and says what a test gives it.

import { Channel } from '../../../src/lib/channel.ts';
import { AppError } from '../../../src/lib/errors.ts';
import type {
  SpeechEvent,
  SpeechToSpeech,
} from '../../../src/pipeline/realtime/speech-to-speech.ts';
import type { ModelEvent } from '../../../src/pipeline/types.ts';
import type { VirtualClock } from '../clock.ts';
import type { TestLine } from './line.ts';
import { MS_PER_CHARACTER, THINK_MS } from './vendors.ts';

/** Voice before it notices the caller, quiet before it takes them to have finished, and the time of their words. */
const NOTICED_MS = 200;
const QUIET_MS = 440;
const WORDS_MS = 300;

export interface ConversingModel extends SpeechToSpeech {
  /** What it was told and asked, in order: `respond`, `cancel`, `cut item ms`, `tell text`, `result text`. */
  readonly asked: string[];
  /** Its vendor is away from now on. */
  lose(): void;
}

/** Answers with `answers`, one after the other: a text, or events; with sound as long as its text, at once. */
export function conversingModel(
  clock: VirtualClock,
  line: TestLine,
  answers: (string | readonly ModelEvent[])[],
): ConversingModel {
  const events = new Channel<SpeechEvent>(4096);
  const asked: string[] = [];
  let frame = 0;
  let count = 0;
  let unwanted = false;
  let busy = false;
  return {
    asked,
    events,
    begin() {},
    hear() {
      frame += 1;
      for (const { text, fromFrame, toFrame } of line.said) {
        if (frame === fromFrame + NOTICED_MS / 20) events.push({ type: 'speech-started' });
        if (frame !== toFrame + QUIET_MS / 20) continue;
        events.push({ type: 'speech-stopped' });
        clock.after(WORDS_MS, () => events.push({ type: 'caller', text }));
      }
    },
    respond() {
      asked.push('respond');
      busy = true;
      unwanted = false;
      clock.after(THINK_MS, () => !unwanted && say(answers.shift() ?? 'I have nothing to say.'));
    },
    cancel() {
      if (!busy) return;
      asked.push('cancel');
      unwanted = true;
      busy = false;
    },
    tell: (text) => asked.push(`tell ${text}`),
    result: (_, text) => asked.push(`result ${text}`),
    lose: () => events.end(new AppError('vendor_failed', 'the model was lost')),
    cut: (item, ms) => asked.push(`cut ${item} ${Math.round(ms)}`),
  };

  function say(answer: string | readonly ModelEvent[]): void {
    count += 1;
    events.push({ type: 'answer' });
    for (const event of typeof answer === 'string' ? [textOf(answer)] : answer) {
      if (event.type === 'tool-call') events.push(event);
      if (event.type !== 'text') continue;
      events.push(event);
      const samples = new Int16Array(event.text.length * MS_PER_CHARACTER * 8).fill(3000);
      for (let at = 0; at < samples.length; at += 800) {
        const piece = samples.subarray(at, at + 800);
        events.push({ type: 'audio', item: `item-${count}`, samples: piece });
      }
    }
    busy = false;
    events.push({ type: 'done', completed: true, usage: undefined });
  }
}

function textOf(text: string): ModelEvent {
  return { type: 'text', text };
}
