// Who has the floor over a model that hears and speaks itself: frames, signs of the vendor and words in, at most one act out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listeningWords } from '../../../src/pipeline/languages/find-language.ts';
import { RealtimeFloor } from '../../../src/pipeline/realtime/realtime-floor.ts';
import type { RealtimeFloorState } from '../../../src/pipeline/realtime/realtime-floor.ts';

type Step =
  | { readonly voice: number }
  | { readonly quiet: number }
  | { readonly words: string }
  | 'started'
  | 'stopped';

const speaking: RealtimeFloorState = { agent: 'speaking', asking: false, ending: false };
const quiet: RealtimeFloorState = { agent: 'quiet', asking: false, ending: false };

/** The acts of a script, with the milliseconds at which they came. */
function acts(state: RealtimeFloorState, steps: readonly Step[]): string[] {
  const floor = new RealtimeFloor(listeningWords('en-US'));
  const found: string[] = [];
  let now = state;
  let ms = 0;
  const note = (act: ReturnType<RealtimeFloor['onStopped']>) => {
    if (act === undefined) return;
    found.push(`${act} ${ms}`);
    if (act === 'interrupt' || act === 'answer') now = { ...quiet, agent: 'quiet' };
  };
  for (const step of steps) {
    if (step === 'started') note(floor.onStarted(now));
    else if (step === 'stopped') note(floor.onStopped());
    else if ('words' in step) note(floor.onWords(step.words, now));
    else {
      const voiced = 'voice' in step;
      for (let left = voiced ? step.voice : step.quiet; left > 0; left -= 20) {
        ms += 20;
        note(floor.onFrame(voiced, now));
      }
    }
  }
  return found;
}

const cases: readonly [what: string, state: RealtimeFloorState, steps: Step[], acts: string[]][] = [
  ['a turn', quiet, [{ voice: 500 }, 'started', 'stopped', { words: 'hello' }], ['respond 500']],
  [
    'a sign of listening',
    speaking,
    [{ voice: 300 }, 'started', { quiet: 460 }, 'stopped', { quiet: 300 }, { words: 'Uh-huh.' }],
    ['hold 100', 'resume 1060'],
  ],
  [
    'a yes to our question',
    { ...speaking, asking: true },
    [{ voice: 300 }, 'started', { quiet: 460 }, 'stopped', { quiet: 300 }, { words: 'Yes.' }],
    ['hold 100', 'answer 1060'],
  ],
  [
    'a yes to the last of our question',
    { ...speaking, asking: true, ending: true },
    [{ voice: 300 }, 'started', { quiet: 460 }, 'stopped', { words: 'Yes.' }],
    ['respond 760'],
  ],
  [
    'a word that stops us',
    speaking,
    [{ voice: 300 }, 'started', { quiet: 460 }, 'stopped', { words: 'Wait.' }],
    ['hold 100', 'answer 760'],
  ],
  [
    'a long sentence',
    speaking,
    [{ voice: 600 }, 'started', { voice: 1400 }, 'stopped', { words: 'I have a question' }],
    ['hold 100', 'interrupt 1200', 'respond 2000'],
  ],
  [
    'a cough that only we notice',
    speaking,
    [{ voice: 200 }, { quiet: 1200 }],
    ['hold 100', 'resume 1100'],
  ],
  [
    'a cough that the vendor notices, too',
    speaking,
    [{ voice: 300 }, 'started', { quiet: 460 }, 'stopped', { words: '' }],
    ['hold 100', 'resume 760'],
  ],
  [
    'speech whose words never come',
    speaking,
    [{ voice: 800 }, 'started', { quiet: 460 }, 'stopped', { quiet: 1600 }],
    ['hold 100', 'answer 2760'],
  ],
  [
    'an echo that only the vendor notices',
    speaking,
    ['started', { quiet: 900 }, 'stopped', { quiet: 300 }, { words: '' }],
    ['resume 1200'],
  ],
  [
    'a soft voice that only the vendor notices',
    quiet,
    ['started', { quiet: 900 }, 'stopped', { quiet: 300 }, { words: 'hello there' }],
    ['respond 1200'],
  ],
  ['noise that only the vendor notices', quiet, ['started', { quiet: 500 }, 'stopped'], []],
  [
    'who goes on while we think',
    { ...speaking, agent: 'thinking' },
    [{ voice: 200 }, 'started', { voice: 300 }, 'stopped'],
    ['interrupt 200', 'respond 500'],
  ],
];

for (const [what, state, steps, expected] of cases) {
  test(what, () => assert.deepEqual(acts(state, steps), expected));
}
