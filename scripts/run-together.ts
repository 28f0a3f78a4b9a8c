// Runs test files one after another in this process: what they load and compile is loaded and compiled once.

import { after, suite } from 'node:test';
import { pathToFileURL } from 'node:url';

for (const file of process.argv.slice(2)) {
  await new Promise<void>((resolve) => {
    // Its hooks are those of this suite, not of all files.
    void suite(file, async () => {
      after(() => resolve());
      await import(pathToFileURL(file).href);
    });
  });
}
