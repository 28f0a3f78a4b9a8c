// What a file is, by its first bytes, and how long its sound lasts by its own word. Pure; reads a few hundred bytes.

export type AudioFormat = 'wav' | 'mp3' | 'm4a' | 'ogg' | 'webm' | 'flac';

export interface AudioContainer {
  readonly format: AudioFormat;
  /** What the vendors are told. */
  readonly contentType: string;
  /** As the file declares it; undefined where it does not. Never trusted for more than a bound. */
  readonly durationMs: number | undefined;
}

const contentTypes: Readonly<Record<AudioFormat, string>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  webm: 'audio/webm',
  flac: 'audio/flac',
};

/** What else people send, by how it begins. */
const others: readonly [begins: string, what: string][] = [
  ['89504e47', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['25504446', 'a PDF document'],
  ['504b0304', 'a ZIP archive'],
  ['1f8b', 'a gzip archive'],
  ['7f454c46', 'a program'],
  ['4d5a', 'a program'],
  ['464f524d', 'an AIFF file'],
  ['2321414d52', 'an AMR file'],
];

/** Undefined for what is no audio that we take. */
export function sniffAudio(bytes: Uint8Array): AudioContainer | undefined {
  const found = sniff(bytes);
  if (!found) return undefined;
  const [format, duration] = found;
  let durationMs: number | undefined;
  try {
    durationMs = duration();
  } catch {
    // Cut short or nonsense: the bound on its size holds anyway.
  }
  const known = durationMs !== undefined && Number.isFinite(durationMs) && durationMs >= 0;
  return {
    format,
    contentType: contentTypes[format],
    durationMs: known ? durationMs : undefined,
  };
}

/** For people: what a file seems to be that is no audio we take. */
export function describeFile(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'empty';
  const begins = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  const other = others.find(([start]) => begins.startsWith(start));
  if (other) return other[1];
  const text = Buffer.from(bytes.subarray(0, 256)).toString('utf8');
  if (/^\s*<(!doctype html|html)/i.test(text)) return 'a web page';
  return /^[\t\n\r\x20-\x7e\u00a0-\u024f]+$/.test(text) ? 'text' : 'of no known kind';
}

function sniff(bytes: Uint8Array): [AudioFormat, () => number | undefined] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (start: number, length = 4) =>
    Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  if (at(0) === 'RIFF' && at(8) === 'WAVE') return ['wav', () => wavMs(view, at)];
  if (at(0) === 'fLaC') return ['flac', () => flacMs(view)];
  if (at(0) === 'OggS') return ['ogg', () => oggMs(bytes, view)];
  if (at(4) === 'ftyp') return ['m4a', () => mp4Ms(bytes, view)];
  if (bytes.length >= 4 && view.getUint32(0) === 0x1a45dfa3) return ['webm', () => webmMs(bytes)];
  const frame = at(0, 3) === 'ID3' ? id3Length(bytes) : 0;
  if (isMp3Frame(bytes, frame) || at(0, 3) === 'ID3') {
    return ['mp3', () => mp3Ms(bytes, view, frame)];
  }
  return undefined;
}

/** Before the sound; files have a handful. Empty ones fill a file with millions. */
const WAV_CHUNKS_MAX = 100;

function wavMs(view: DataView, at: (start: number) => string): number | undefined {
  let bytesPerSecond = 0;
  for (
    let [start, chunk] = [12, 0];
    start + 8 <= view.byteLength && chunk < WAV_CHUNKS_MAX;
    chunk += 1
  ) {
    const size = view.getUint32(start + 4, true);
    if (at(start) === 'fmt ') bytesPerSecond = view.getUint32(start + 16, true);
    if (at(start) === 'data') {
      const there = Math.min(size, view.byteLength - start - 8);
      return (there / bytesPerSecond) * 1000;
    }
    start += 8 + size + (size % 2);
  }
  return undefined;
}

function flacMs(view: DataView): number | undefined {
  // STREAMINFO: 20 bits of rate, 3 of channels, 5 of depth, 36 of samples.
  const rate = view.getUint32(18) >>> 12;
  const samples = (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
  return samples === 0 ? undefined : (samples / rate) * 1000;
}

/** The last page says how many samples there are by then: Opus at 48 kHz, Vorbis at its own rate. */
function oggMs(bytes: Uint8Array, view: DataView): number | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = all.indexOf('OpusHead') >= 0 ? 48_000 : undefined;
  const vorbis = all.indexOf('\x01vorbis', 0, 'latin1');
  const rate = head ?? (vorbis >= 0 ? view.getUint32(vorbis + 12, true) : undefined);
  const last = all.lastIndexOf('OggS');
  if (rate === undefined || last < 0) return undefined;
  return (Number(view.getBigUint64(last + 6, true)) / rate) * 1000;
}

/** `moov` → `mvhd`, wherever in the file it is. */
function mp4Ms(bytes: Uint8Array, view: DataView): number | undefined {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = all.indexOf('mvhd');
  if (header < 0) return undefined;
  const version = view.getUint8(header + 4);
  const scale = view.getUint32(header + (version === 1 ? 24 : 16));
  const length =
    version === 1 ? Number(view.getBigUint64(header + 28)) : view.getUint32(header + 20);
  return length === 0 ? undefined : (length / scale) * 1000;
}

/** Info → TimestampScale (0x2ad7b1), Duration (0x4489, a float). Streamed files have none. */
function webmMs(bytes: Uint8Array): number | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 65_536));
  const scaleAt = head.indexOf('2ad7b1', 0, 'hex');
  const durationAt = head.indexOf('4489', 0, 'hex');
  if (durationAt < 0) return undefined;
  const scale = scaleAt < 0 ? 1_000_000 : head.readUIntBE(scaleAt + 4, head[scaleAt + 3]! & 0x0f);
  const wide = head[durationAt + 2] === 0x88;
  const length = wide ? head.readDoubleBE(durationAt + 3) : head.readFloatBE(durationAt + 3);
  return (length * scale) / 1_000_000;
}

function id3Length(bytes: Uint8Array): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  return 10 + (a & 0x7f) * 2 ** 21 + (b & 0x7f) * 2 ** 14 + (c & 0x7f) * 2 ** 7 + (d & 0x7f);
}

/** Eleven bits of one, a version, a layer that exists, a rate and a bit rate that are not reserved. */
function isMp3Frame(bytes: Uint8Array, at: number): boolean {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  return (
    first === 0xff &&
    (second & 0xe0) === 0xe0 &&
    (second & 0x18) !== 0x08 &&
    (second & 0x06) === 0x02 &&
    (third & 0xf0) !== 0xf0 &&
    (third & 0x0c) !== 0x0c
  );
}

const bitRates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const bitRates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const sampleRates = [44_100, 48_000, 32_000];

/** By the count of frames where the first one tells it, else by its bit rate. */
function mp3Ms(bytes: Uint8Array, view: DataView, at: number): number | undefined {
  if (!isMp3Frame(bytes, at)) return undefined;
  const head = view.getUint32(at);
  const version = (head >> 19) & 3;
  const halves = version === 3 ? 1 : version === 2 ? 2 : 4;
  const rate = sampleRates[(head >> 10) & 3]! / halves;
  const perFrame = version === 3 ? 1152 : 576;
  const all = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(200, bytes.length - at));
  const tag = Math.max(all.indexOf('Xing'), all.indexOf('Info'));
  if (tag > 0 && (all.readUInt32BE(tag + 4) & 1) === 1) {
    return (all.readUInt32BE(tag + 8) * perFrame * 1000) / rate;
  }
  const kbps = (version === 3 ? bitRates1 : bitRates2)[(head >> 12) & 15]!;
  return kbps === 0 ? undefined : ((bytes.length - at) * 8) / kbps;
}
