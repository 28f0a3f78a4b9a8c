// The server is killed in the middle of an answer and of a caller's sentence: what was said and heard is in the books, but for the last second or two.

import { test } from 'node:test';
import { killInTurns } from './killed-turns.ts';

test('killed while one caller listens, one talks, and one has left a message', (t) =>
  killInTurns(t, 1));
