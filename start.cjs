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

import('./src/main.ts').catch((error) => {
  console.error(error);
  process.exit(1);
});
