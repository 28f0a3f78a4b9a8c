// A child process for parent.test.ts: says that it runs, then lives as long as its parent.

import { parentGone } from '../../sandbox/parent.ts';

const gone = parentGone();
process.stdout.write('running\n');
process.stdout.write(`${await gone}\n`);
process.exit(0);
