// What the caller noticed, computed from who sounded when. Pure.

import type { LineTimes } from './call-events.ts';
import type { CallerSpan } from './caller-voice.ts';
import type { Earpiece } from './earpiece.ts';

/** `startedMs`: when the first `start` was sent; undefined when there was no stream. All times on the caller's clock. */
export function measureLine(
  earpiece: Earpiece,
  spans: readonly CallerSpan[],
  startedMs: number | undefined,
): LineTimes {
  const responses: LineTimes['responses'][number][] = [];
  const bargeIns: LineTimes['bargeIns'][number][] = [];
  for (const [index, { text, startMs, endMs }] of spans.entries()) {
    if (soundsAt(earpiece, startMs)) {
      bargeIns.push({ atMs: startMs, silentAfterMs: silentAfter(earpiece, startMs, endMs) });
    }
    if (endMs === undefined) continue;
    const soundMs = earpiece.firstSoundMs(endMs);
    const nextMs = spans[index + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    if (soundMs === undefined || soundMs > nextMs) continue;
    responses.push({ text, atMs: endMs, responseMs: soundMs - endMs });
  }
  const sinceStart = (atMs: number | undefined) =>
    startedMs === undefined || atMs === undefined ? undefined : atMs - startedMs;
  return {
    firstAudioMs: sinceStart(earpiece.firstAudioMs),
    greetingMs: sinceStart(earpiece.firstSoundMs(startedMs ?? 0)),
    responses,
    bargeIns,
  };
}

function soundsAt(earpiece: Earpiece, atMs: number): boolean {
  return earpiece.spans.some(({ startMs, endMs }) => startMs < atMs && endMs > atMs);
}

/** Spoken pauses are bridged: only a real end of the agent's speech counts. */
function silentAfter(
  earpiece: Earpiece,
  onsetMs: number,
  endMs: number | undefined,
): number | undefined {
  const quietMs = earpiece.quietFromMs(onsetMs);
  if (endMs !== undefined && quietMs > endMs) return undefined;
  return quietMs - onsetMs;
}
