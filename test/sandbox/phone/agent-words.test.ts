// Words found again in the sound of the line, whole and cut off.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { AgentWords } from '../../../sandbox/phone/agent-words.ts';
import { Earpiece } from '../../../sandbox/phone/earpiece.ts';
import { encodeMulaw } from '../../../sandbox/phone/g711.ts';
import { openSpeaker } from '../../../sandbox/speech/speaking.ts';
import type { Spoken } from '../../../sandbox/speech/speaking.ts';

const speaker = openSpeaker();
after(() => speaker.close());

const texts = [
  'Hello, this is Bright Smile Dental.',
  'How can I help you today?',
  'What is your name, please?',
  'On which day would you like to come?',
  'I can offer you nine thirty or eleven.',
  'You are booked for Tuesday at nine thirty.',
];
const spoken: Spoken[] = [];
const agentWords = new AgentWords();
for (const text of texts) {
  const said = await speaker.speak(text, { voice: 'slt', sampleRate: 24_000 });
  agentWords.add({ text, sampleRate: 24_000, ...said });
  spoken.push(await speaker.speak(text, { voice: 'slt', sampleRate: 8000 }));
}

/** Plays texts one after the other in 20 ms pieces, as an application sends them, at another phase than they were made. */
function play(earpiece: Earpiece, indexes: readonly number[], fromMs: number): number {
  let atMs = fromMs;
  for (const index of indexes) {
    const bytes = encodeMulaw(spoken[index]!.samples);
    for (let at = 0; at < bytes.length; at += 160)
      earpiece.push(bytes.subarray(at, at + 160), atMs);
    atMs += bytes.length / 8;
  }
  return atMs;
}

test('each text is told from the others', () => {
  for (const [index, text] of texts.entries()) {
    const earpiece = new Earpiece({ keepAudio: true });
    const endMs = play(earpiece, [index], 1007);
    assert.equal(agentWords.heard(earpiece, 1000, endMs + 300), text);
  }
});

test('texts that follow each other are heard in their order', () => {
  const earpiece = new Earpiece({ keepAudio: true });
  const endMs = play(earpiece, [4, 0, 3], 13);
  assert.equal(agentWords.heard(earpiece, 0, endMs), [texts[4], texts[0], texts[3]].join(' '));
});

test('a text that was cut off is heard up to there', () => {
  const earpiece = new Earpiece({ keepAudio: true });
  play(earpiece, [5], 0);
  earpiece.clear(1000);
  const heard = agentWords.heard(earpiece, 0, 1400)!;
  assert.match(heard, /^You are booked/);
  assert.match(heard, /–$/);
  assert.ok(!heard.includes('thirty'));
});

test('sound that no voice of the sandbox made is not known', () => {
  const earpiece = new Earpiece({ keepAudio: true });
  const sound = Int16Array.from(
    { length: 16_000 },
    (_, at) => 9000 * Math.sin(at) * Math.sin(at / 900),
  );
  earpiece.push(encodeMulaw(sound), 0);
  assert.equal(agentWords.heard(earpiece, 0, 2000), undefined);
});

test('what is known goes to the next sandbox, as JSON', () => {
  const next = new AgentWords(JSON.parse(JSON.stringify(agentWords.known)));
  const earpiece = new Earpiece({ keepAudio: true });
  const endMs = play(earpiece, [1, 2], 0);
  assert.equal(next.heard(earpiece, 0, endMs), `${texts[1]} ${texts[2]}`);
});
