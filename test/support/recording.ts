// Recordings for uploads: "I'd like to book an appointment." in several forms, and heads of files that are only sniffed.

import { readFileSync } from 'node:fs';
import { formatWav } from '../../src/pipeline/audio/wav.ts';
import { vowels } from './sounds.ts';

/** Real files, made by the usual encoders from flite's speech. */
export function recording(format: 'mp3' | 'ogg' | 'flac'): Uint8Array {
  return readFileSync(new URL(`recordings/book.${format}`, import.meta.url));
}

/** Voice to any detector. */
export function voicedWav(ms: number, sampleRate = 8000): Uint8Array {
  return formatWav({ sampleRate, samples: vowels(sampleRate, ms) });
}

/** The beginning of an MPEG-4 audio file that says it lasts so long. */
export function m4aHead(ms: number): Uint8Array {
  const file = Buffer.alloc(200);
  file.writeUInt32BE(32, 0);
  file.write('ftypM4A ', 4);
  file.write('mvhd', 40);
  file.writeUInt32BE(1000, 40 + 16);
  file.writeUInt32BE(ms, 40 + 20);
  return file;
}

/** The beginning of a WebM file, as a browser's recorder makes it: without a length, or with one. */
export function webmHead(ms?: number): Uint8Array {
  const head = Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex');
  if (ms === undefined) return head;
  const info = Buffer.alloc(16);
  info.write('2ad7b1830f4240', 0, 'hex');
  info.write('448984', 7, 'hex');
  info.writeFloatBE(ms, 10);
  return Buffer.concat([head, info]);
}

/** A form with one file; its boundary is in the content type. */
export function uploadOf(
  audio: Uint8Array,
  fields: Readonly<Record<string, string>> = {},
  name = 'audio',
): { raw: Uint8Array; headers: { 'content-type': string } } {
  const boundary = 'a-boundary-that-no-file-has';
  const parts = Object.entries(fields).map(
    ([field, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="a.bin"\r\ncontent-type: application/octet-stream\r\n\r\n`;
  return {
    // The file first: what stands after it counts as well.
    raw: Buffer.concat([
      Buffer.from(file),
      audio,
      Buffer.from(`\r\n${parts.join('')}--${boundary}--\r\n`),
    ]),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}
