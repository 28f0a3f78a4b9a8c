// Has a test's process, and all that it starts, leave the processor to calls in real time.

import { setPriority } from 'node:os';

/** A third of what a call gets: with less, what such a test waits for does not come at all on a slow machine. */
const PRIORITY = 5;

setPriority(PRIORITY);
