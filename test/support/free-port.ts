// A TCP port of this machine that nobody uses at the moment, and that nobody is given by the system.

import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below what systems hand out for connections and to servers that do not care: those come and go all the time. */
const FROM = 12_000;
const TO = 32_000;

/** For servers that must know their address before they listen. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FROM, TO);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
