// Five thousand calls of 0.4 s through the telephone's door.

import { test } from 'node:test';
import { playShortCalls } from '../trust/short-calls.ts';

test('5,000 calls of 0.4 s cost 5,000 s', (t) => playShortCalls(t, 5000));
