// A whole text as one piece of audio, for those who want a file and not a call.

import { AppError } from '../../lib/errors.ts';
import { sentences } from './sentences.ts';
import { STRETCH_CHARACTERS } from '../tts/speech-limits.ts';
import type { Samples, TextToSpeech } from '../types.ts';

/** Says `text` in stretches, one after the other. Throws `too_large` beyond `samplesMax`, `vendor_failed` for silence. */
export async function speakWhole(
  voice: TextToSpeech,
  text: string,
  options: { sampleRate: number; language: string; signal: AbortSignal; samplesMax: number },
): Promise<Samples> {
  const pieces: Samples[] = [];
  let length = 0;
  for await (const stretch of stretches(text)) {
    for await (const speech of voice.synthesize(once(stretch), options)) {
      if (speech.type !== 'audio') continue;
      pieces.push(speech.samples);
      length += speech.samples.length;
      if (length > options.samplesMax) throw new AppError('too_large', 'speech that is too long');
    }
  }
  if (length === 0) throw new AppError('vendor_failed', 'the voice said nothing');
  const whole = new Int16Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Sentences together, as many as a voice is given at once. The pieces joined are exactly the text. */
export async function* stretches(text: string): AsyncGenerator<string> {
  let stretch = '';
  for await (const sentence of sentences(once(text))) {
    if (stretch !== '' && stretch.length + sentence.length > STRETCH_CHARACTERS) {
      yield stretch;
      stretch = '';
    }
    stretch += sentence;
  }
  if (stretch.trim() !== '') yield stretch;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
