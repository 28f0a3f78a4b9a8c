// Where the time of an answer went, stage by stage.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stagesOf, totalOf } from '../../src/dashboard/calls/stages.ts';

test('the stages of an answer are what its caller waited for, nothing of it twice', () => {
  const latency = {
    response_ms: 679,
    endpoint_ms: 240,
    hear_ms: 20,
    think_ms: 113,
    speak_ms: 72,
    play_ms: 24,
  };
  const table = [
    [{}, [220, 20, 113, 230, 72, 24], 679],
    [{ response_ms: 449 }, [220, 20, 113, 0, 72, 24], 449],
    [{ response_ms: 440 }, [220, 20, 113, 0, 72, 24], 449],
    [{ hear_ms: null }, [240, 0, 113, 230, 72, 24], 679],
    [{ endpoint_ms: null, hear_ms: 20, think_ms: null }, [0, 20, 0, 563, 72, 24], 679],
    [{ response_ms: null }, [220, 20, 113, 0, 72, 24], 449],
  ] as const;
  for (const [given, stages, total] of table) {
    const found = stagesOf({ ...latency, ...given });
    assert.deepEqual(
      found.map(({ ms }) => ms),
      stages,
    );
    assert.equal(totalOf(found), total);
  }
});
