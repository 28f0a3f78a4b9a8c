// The server is killed in the middle of calls: settled once, little lost, nothing that was said a second ago forgotten.

import { test } from 'node:test';
import { killOften } from './killed-calls.ts';

test('killed 5 times with three callers on the line', (t) => killOften(t, 5));
