// The server killed 40 times in the middle of calls.

import { test } from 'node:test';
import { killOften } from '../trust/killed-calls.ts';

test('killed 40 times with three callers on the line', (t) => killOften(t, 40));
