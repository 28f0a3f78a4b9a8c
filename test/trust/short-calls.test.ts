// Calls of 0.4 s: a second each, and nothing beside it.

import { test } from 'node:test';
import { playShortCalls } from './short-calls.ts';

test('100 calls of 0.4 s cost 100 s', (t) => playShortCalls(t, 100));
