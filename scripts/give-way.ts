// Has a test's process, and all that it starts, leave the processor to calls in real time.

import { setPriority } from 'node:os';

/** Less than ours, more than nothing: on a quiet machine it changes nothing. */
const PRIORITY = 10;

setPriority(PRIORITY);
