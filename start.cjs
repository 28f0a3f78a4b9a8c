// The first file to run, in syntax that older Nodes understand too: checks the version, then starts the product.
'use strict';

const needed = 26;
const { node } = process.versions;

if (Number(node.split('.')[0]) < needed) {
  console.error(
    `Frontdesk needs Node ${needed} or later, and this is Node ${node}.\n` +
      'Run `npm install`, which brings the right one along, and then `npm start`, which uses it.',
  );
  process.exit(1);
}

// npm starts us through a shell. Who ends npm ends that shell, which tells us nothing: its end is ours.
if (process.env.npm_lifecycle_event !== undefined) {
  const shell = process.ppid;
  const watching = setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM');
  }, 250);
  watching.unref();
  // Once is enough, and a second signal would mean: now.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => clearInterval(watching));
}

import('./src/main.ts').catch((error) => {
  console.error(error);
  process.exit(1);
});
