// Tells a child process that its parent has gone, by whichever way is open.

import { fstatSync } from 'node:fs';
import { systemClock } from '../src/lib/clock.ts';

/** How soon a parent that was killed is missed where neither pipe nor channel tells. */
const POLL_MS = 500;

/** Whether a parent holds our standard input or a message channel: then it decides when we end. */
function hasParent(): boolean {
  return process.send !== undefined || stdinIsPipe();
}

/** Resolves when the parent process has ended or closed our input, or when we are told to end. */
export function parentGone(): Promise<string> {
  return new Promise((resolve) => {
    const end = (why: string) => {
      poll[Symbol.dispose]();
      resolve(why);
    };
    const parent = process.ppid;
    const poll = systemClock.every(POLL_MS, () => {
      if (process.ppid !== parent) end('the parent process has ended');
    });
    if (stdinIsPipe()) {
      process.stdin.resume();
      process.stdin.once('close', () => end('the input was closed'));
      process.stdin.once('end', () => end('the input was closed'));
    }
    process.once('disconnect', () => end('the channel was closed'));
    process.once('SIGTERM', () => end('SIGTERM'));
    // Ctrl-C goes to the whole group: with a parent it is the parent's to end us after its last call.
    if (hasParent()) process.on('SIGINT', () => {});
    else process.once('SIGINT', () => end('SIGINT'));
  });
}

function stdinIsPipe(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
