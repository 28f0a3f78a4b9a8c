// The shape of a recording, to be drawn: how loud each side is along the call.

/** Columns of a drawing: the loudest of each stretch, from 0 to 1. */
export interface Peaks {
  readonly seconds: number;
  readonly caller: readonly number[];
  readonly receptionist: readonly number[];
}

const MULAW = 7;

/** Of a WAV file in mu-law with two channels, the caller first; undefined for anything else. */
export function peaksOf(file: ArrayBuffer, columns: number): Peaks | undefined {
  const view = new DataView(file);
  if (view.byteLength < 12 || text(view, 0) !== 'RIFF' || text(view, 8) !== 'WAVE')
    return undefined;
  let rate = 0;
  for (let at = 12; at + 8 <= view.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (text(view, at) === 'fmt ' && body + 16 <= view.byteLength) {
      const isOurs = view.getUint16(body, true) === MULAW && view.getUint16(body + 2, true) === 2;
      if (!isOurs) return undefined;
      rate = view.getUint32(body + 4, true);
    }
    if (text(view, at) === 'data' && rate > 0) {
      const bytes = new Uint8Array(file, body, Math.min(size, view.byteLength - body));
      return measured(bytes, rate, columns);
    }
    at = body + size + (size % 2);
  }
  return undefined;
}

function measured(bytes: Uint8Array, rate: number, columns: number): Peaks {
  const frames = Math.floor(bytes.length / 2);
  const loudest = (channel: 0 | 1) =>
    Array.from({ length: columns }, (_, column) => {
      const from = Math.floor((column / columns) * frames);
      const until = Math.max(from + 1, Math.floor(((column + 1) / columns) * frames));
      let most = 0;
      for (let frame = from; frame < until && frame < frames; frame += 1) {
        most = Math.max(most, loudness[bytes[frame * 2 + channel]!]!);
      }
      return most;
    });
  return { seconds: frames / rate, caller: loudest(0), receptionist: loudest(1) };
}

/** Of each code of mu-law (ITU-T G.711), from 0 to 1. */
const loudness = Array.from({ length: 256 }, (_, code) => {
  const inverted = ~code & 0xff;
  const exponent = (inverted >> 4) & 7;
  const mantissa = inverted & 15;
  return ((((mantissa << 3) + 132) << exponent) - 132) / 32_124;
});

function text(view: DataView, at: number): string {
  return String.fromCodePoint(
    ...[0, 1, 2, 3].map((place) => (at + place < view.byteLength ? view.getUint8(at + place) : 0)),
  );
}
