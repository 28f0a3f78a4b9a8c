// WAV files: 16-bit PCM and mu-law, read within bounds and written.

import { AppError } from '../../lib/errors.ts';
import type { Samples } from '../types.ts';
import { decodeMulaw, encodeMulaw } from './mulaw.ts';

export interface Wav {
  /** Hz */
  readonly sampleRate: number;
  /** Mono. */
  readonly samples: Samples;
}

const PCM = 1;
const MULAW = 7;
/** The format's number then stands in the extension. */
const EXTENSIBLE = 0xfffe;
const CHUNKS_MAX = 64;

/**
 * The audio of a RIFF/WAVE file in 16-bit PCM or mu-law; of several channels the first, or the one asked for. A length of
 * `data` that runs past the end (streamed files say 0xffffffff) means: to the end. Throws `invalid` saying what is wrong,
 * `too_large` beyond `maxSamples` (by default an hour at 16 kHz).
 */
export function parseWav(
  bytes: Uint8Array,
  { channel = 0, maxSamples = 3600 * 16_000 }: { channel?: number; maxSamples?: number } = {},
): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (name(view, 0) !== 'RIFF' || name(view, 8) !== 'WAVE') throw invalid('it is not a WAV file');

  let format: Format | undefined;
  let at = 12;
  for (let chunk = 0; chunk < CHUNKS_MAX && at + 8 <= bytes.length; chunk += 1) {
    const start = at + 8;
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - start);
    const id = name(view, at);
    if (id === 'fmt ') format = parseFormat(view, start, size);
    if (id === 'data') {
      if (!format) throw invalid('its data comes before its format');
      return readData(bytes.subarray(start, start + size), format, channel, maxSamples);
    }
    at = start + size + (size % 2);
  }
  throw invalid('it has no data');
}

/** A mono file. */
export function formatWav(
  { sampleRate, samples }: Wav,
  encoding: 'pcm16' | 'mulaw' = 'pcm16',
): Uint8Array {
  const data = encoding === 'mulaw' ? encodeMulaw(samples) : littleEndian(samples);
  const frameBytes = encoding === 'mulaw' ? 1 : 2;
  // Formats other than PCM carry the size of an extension, here none.
  const formatBytes = encoding === 'mulaw' ? 18 : 16;
  const padded = data.length + (data.length % 2);
  const file = new Uint8Array(20 + formatBytes + 8 + padded);
  const view = new DataView(file.buffer);
  putName(file, 0, 'RIFF');
  view.setUint32(4, file.length - 8, true);
  putName(file, 8, 'WAVE');
  putName(file, 12, 'fmt ');
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, encoding === 'mulaw' ? MULAW : PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, frameBytes * 8, true);
  putName(file, 20 + formatBytes, 'data');
  view.setUint32(24 + formatBytes, data.length, true);
  file.set(data, 28 + formatBytes);
  return file;
}

/** What stands before `dataBytes` of interleaved mu-law with two channels. */
export function stereoMulawHeader(sampleRate: number, dataBytes: number): Uint8Array {
  const header = new Uint8Array(46);
  const view = new DataView(header.buffer);
  putName(header, 0, 'RIFF');
  view.setUint32(4, header.length - 8 + dataBytes, true);
  putName(header, 8, 'WAVE');
  putName(header, 12, 'fmt ');
  view.setUint32(16, 18, true);
  view.setUint16(20, MULAW, true);
  view.setUint16(22, 2, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 8, true);
  putName(header, 38, 'data');
  view.setUint32(42, dataBytes, true);
  return header;
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly sampleRate: number;
}

function parseFormat(view: DataView, start: number, size: number): Format {
  if (size < 16) throw invalid('its format is cut short');
  let code = view.getUint16(start, true);
  if (code === EXTENSIBLE && size >= 26) code = view.getUint16(start + 24, true);
  const channels = view.getUint16(start + 2, true);
  const sampleRate = view.getUint32(start + 4, true);
  const bits = view.getUint16(start + 14, true);
  if (!(code === PCM && bits === 16) && !(code === MULAW && bits === 8)) {
    throw invalid(`format ${code} with ${bits} bits is neither 16-bit PCM nor mu-law`);
  }
  if (channels < 1 || channels > 8) throw invalid(`it has ${channels} channels`);
  if (sampleRate < 4000 || sampleRate > 192_000) throw invalid(`its rate is ${sampleRate} Hz`);
  return { code, channels, sampleRate };
}

function readData(data: Uint8Array, format: Format, channel: number, maxSamples: number): Wav {
  const { channels, sampleRate } = format;
  if (channel >= channels) throw invalid(`it has no channel ${channel}`);
  const frameBytes = channels * (format.code === PCM ? 2 : 1);
  const length = Math.floor(data.length / frameBytes);
  if (length > maxSamples) {
    throw new AppError('too_large', `the WAV file has ${length} samples, at most ${maxSamples}`);
  }
  if (format.code === PCM) {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const samples = new Int16Array(length);
    for (let i = 0; i < length; i += 1) {
      samples[i] = view.getInt16(i * frameBytes + channel * 2, true);
    }
    return { sampleRate, samples };
  }
  const codes = new Uint8Array(length);
  for (let i = 0; i < length; i += 1) codes[i] = data[i * channels + channel]!;
  return { sampleRate, samples: decodeMulaw(codes) };
}

function littleEndian(samples: Samples): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < samples.length; i += 1) view.setInt16(i * 2, samples[i]!, true);
  return bytes;
}

function name(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, 4));
}

function putName(file: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i += 1) file[at + i] = text.charCodeAt(i);
}

function invalid(what: string): AppError {
  return new AppError('invalid', `cannot read the WAV file: ${what}`, {
    publicMessage: `The WAV file cannot be read: ${what}.`,
  });
}
