// Which pieces of tool calls are one call, whatever servers make of indexes and names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ToolCallPieces } from '../../../src/pipeline/llm/tool-call-pieces.ts';

type Piece = [index: number, id: string | undefined, name: string | undefined, args: string];

function whole(pieces: readonly Piece[]): string[] {
  const calls = new ToolCallPieces();
  for (const [index, id, name, args] of pieces) {
    calls.add({ index, id, function: { name, arguments: args } });
  }
  return calls.whole().map((call) => `${call.name} ${call.arguments}`);
}

test('all of one index, told apart by their ids', () => {
  const pieces: Piece[] = [
    [0, 'a', 'get_time', '{"zone":"UTC"}'],
    [0, 'b', 'get_time', '{"zone":'],
    [0, 'b', undefined, '"CET"}'],
  ];
  assert.deepEqual(whole(pieces), ['get_time {"zone":"UTC"}', 'get_time {"zone":"CET"}']);
});

test('all of one index and without ids: what comes after a whole call is another', () => {
  const pieces: Piece[] = [
    [0, undefined, 'get_time', '{}'],
    [0, undefined, 'get_day', '{}'],
    // The end of the same.
    [0, undefined, 'get_day', ''],
  ];
  assert.deepEqual(whole(pieces), ['get_time {}', 'get_day {}']);
});

test('a name that comes with every piece, and one that comes in pieces', () => {
  const pieces: Piece[] = [
    [0, 'a', 'get_time', '{"zone":'],
    [0, 'a', 'get_time', '"UTC"}'],
    [1, 'b', 'get_', ''],
    [1, undefined, 'time', '{}'],
  ];
  assert.deepEqual(whole(pieces), ['get_time {"zone":"UTC"}', 'get_time {}']);
});
