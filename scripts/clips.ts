// Makes the spare recordings in assets/clips: the stock sentences, spoken by flite, mu-law at 8 kHz.

import { writeFile } from 'node:fs/promises';
import { openSpeaker } from '../sandbox/speech/speaking.ts';
import { encodeMulaw } from '../src/pipeline/audio/mulaw.ts';
import { stockSentences } from '../src/reception/stored-speech/stock-sentences.ts';

const speaker = openSpeaker();
for (const [name, text] of Object.entries(stockSentences)) {
  const { samples } = await speaker.speak(text, { voice: 'slt', sampleRate: 8000 });
  const file = new URL(`../assets/clips/${name}.ulaw`, import.meta.url);
  await writeFile(file, encodeMulaw(samples));
  console.log(`${name}: ${(samples.length / 8000).toFixed(1)} s`);
}
await speaker.close();
