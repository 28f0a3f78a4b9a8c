// Where the time of an answer went: its stages one after the other, which together are what the caller waited for.

import type { Latency } from './turns.ts';

export interface Stage {
  /** `rest`: tools, and what the model did after them. */
  readonly name: 'endpoint' | 'hear' | 'think' | 'rest' | 'speak' | 'play';
  readonly ms: number;
}

/** In order. What was measured apart from the whole may come to a little more than it. */
export function stagesOf(latency: Latency): Stage[] {
  const [endpoint, hear, think, speak, play] = [
    latency.endpoint_ms,
    latency.hear_ms,
    latency.think_ms,
    latency.speak_ms,
    latency.play_ms,
  ].map((ms) => Math.max(0, ms ?? 0)) as [number, number, number, number, number];
  const waited = Math.max(endpoint, hear);
  const rest = Math.max(0, (latency.response_ms ?? 0) - waited - think - speak - play);
  return [
    { name: 'endpoint', ms: waited - hear },
    { name: 'hear', ms: hear },
    { name: 'think', ms: think },
    { name: 'rest', ms: rest },
    { name: 'speak', ms: speak },
    { name: 'play', ms: play },
  ];
}

export function totalOf(stages: readonly Stage[]): number {
  return stages.reduce((total, { ms }) => total + ms, 0);
}
