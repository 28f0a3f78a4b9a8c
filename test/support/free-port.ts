// A TCP port of this machine that nobody uses at the moment, and that nobody is given by the system or by another test file.

import { createServer } from 'node:net';

/** Below what systems hand out for connections and to servers that do not care: those come and go all the time. */
const FROM = 12_000;
const TO = 32_000;
/** Ports of one process: until a server listens on what it was given, others must look elsewhere. */
const OWN = 64;

const own = FROM + (process.pid % Math.floor((TO - FROM) / OWN)) * OWN;
let given = 0;

/** For servers that must know their address before they listen. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = own + (given % OWN);
    given += 1;
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
