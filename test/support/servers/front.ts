// What stands in front of several processes of a deployment.

import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** Sends each connection to the first process that takes calls, as a platform's proxy does. `behind`: their origins. */
export async function openFront(
  t: { after(act: () => Promise<void>): void },
  port: number,
  behind: readonly string[],
): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void forward(socket));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(async () => {
    for (const each of sockets) each.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  async function forward(socket: Socket): Promise<void> {
    sockets.add(socket);
    socket.on('error', () => {});
    for (const address of behind) {
      const ready = await fetch(`${address}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (!ready) continue;
      const target = connect(Number(new URL(address).port), '127.0.0.1');
      sockets.add(target);
      target.on('error', () => socket.destroy());
      socket.on('close', () => target.destroy());
      target.on('close', () => socket.destroy());
      socket.pipe(target).pipe(socket);
      return;
    }
    socket.destroy();
  }
}
