// The server killed 30 times in the middle of answers and sentences.

import { test } from 'node:test';
import { killInTurns } from '../trust/killed-turns.ts';

test('killed 30 times while one caller listens and one talks', (t) => killInTurns(t, 30));
