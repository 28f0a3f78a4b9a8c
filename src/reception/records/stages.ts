// A turn's times as metrics have them: seconds by the name of the stage.

import type { TurnTiming } from '../../pipeline/types.ts';

export function stagesOf(timing: TurnTiming): Readonly<Record<string, number | undefined>> {
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1000);
  return {
    response: seconds(timing.responseMs),
    endpoint: seconds(timing.endpointMs),
    hear: seconds(timing.hearMs),
    think: seconds(timing.thinkMs),
    speak: seconds(timing.speakMs),
    play: seconds(timing.playMs),
  };
}
