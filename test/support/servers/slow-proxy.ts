// A TCP proxy in front of a server: what it passes on comes later, for as long as a test wants it to.

import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Socket } from 'node:net';
import { systemClock } from '../../../src/lib/clock.ts';

export interface SlowProxy {
  readonly port: number;
  /** How late everything is that the server says, in milliseconds. */
  delayMs: number;
}

/** Closed at the end of the test. */
export async function startSlowProxy(
  t: { after(act: () => Promise<void>): void },
  target: NetConnectOpts,
): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    near.pipe(far);
    // In their order: each waits for the one before.
    let passing = Promise.resolve();
    far.on('data', (bytes) => {
      const dueMs = systemClock.elapsed() + proxy.delayMs;
      passing = passing.then(async () => {
        const waitMs = dueMs - systemClock.elapsed();
        if (waitMs > 0) await systemClock.sleep(waitMs);
        if (!near.destroyed) near.write(bytes);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const proxy = { port: (server.address() as AddressInfo).port, delayMs: 0 };
  return proxy;
}
