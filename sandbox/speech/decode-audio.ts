// Files of sound to samples, for the stand-ins that hear them: what npm can decode, and a name for what it cannot.

import { sniffAudio } from '../../src/pipeline/audio/container.ts';
import type { AudioFormat } from '../../src/pipeline/audio/container.ts';
import { parseWav } from '../../src/pipeline/audio/wav.ts';

export interface DecodedAudio {
  readonly sampleRate: number;
  /** Mono. */
  readonly samples: Int16Array;
}

interface Planes {
  readonly channelData: readonly Float32Array[];
  readonly sampleRate: number;
}

type Decode = (bytes: Uint8Array) => Promise<DecodedAudio>;

const decoders: Readonly<Partial<Record<AudioFormat, Decode>>> = {
  async wav(bytes) {
    return parseWav(bytes);
  },
  async flac(bytes) {
    const { FLACDecoder } = await import('@wasm-audio-decoders/flac');
    const decoder = new FLACDecoder();
    await decoder.ready;
    try {
      return mixed(await decoder.decodeFile(bytes));
    } finally {
      decoder.free();
    }
  },
  async mp3(bytes) {
    const { MPEGDecoder } = await import('mpg123-decoder');
    const decoder = new MPEGDecoder();
    await decoder.ready;
    try {
      return mixed(decoder.decode(bytes));
    } finally {
      decoder.free();
    }
  },
  async ogg(bytes) {
    const { OggOpusDecoder } = await import('ogg-opus-decoder');
    const decoder = new OggOpusDecoder();
    await decoder.ready;
    try {
      return mixed(await decoder.decodeFile(bytes));
    } finally {
      decoder.free();
    }
  },
};

/** The sound of a file, or in words why there is none. */
export async function decodeAudio(bytes: Uint8Array): Promise<DecodedAudio | string> {
  const format = sniffAudio(bytes)?.format;
  if (!format) return 'the format is not known';
  const decode = decoders[format];
  if (!decode) return `the sandbox cannot decode ${format}`;
  try {
    const decoded = await decode(bytes);
    return decoded.samples.length > 0 ? decoded : `there is no sound in this ${format} file`;
  } catch {
    return `this is no whole ${format} file`;
  }
}

/** The mean of all channels, in 16 bits. */
function mixed({ channelData, sampleRate }: Planes): DecodedAudio {
  const length = channelData[0]?.length ?? 0;
  const samples = new Int16Array(length);
  for (let n = 0; n < length; n += 1) {
    let sum = 0;
    for (const channel of channelData) sum += channel[n]!;
    const value = Math.round((sum / channelData.length) * 32_767);
    samples[n] = Math.max(-32_768, Math.min(32_767, value));
  }
  return { sampleRate, samples };
}
