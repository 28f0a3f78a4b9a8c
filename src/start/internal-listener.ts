// Listens for other services of ours: where they expect it, or, if nobody said where, on any free port.

import type { Config } from '../config.ts';
import { AppError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';

/** What is to listen. */
export interface Listening {
  /** Gives the address. */
  listen(where: { host: string; port: number }): Promise<string>;
}

/** The address. A second server on this machine must not fail for want of a port that nobody may need. */
export async function listenInternally(
  server: Listening,
  { host, port, portWasSet }: Config['internal'],
  log: Log,
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    if (portWasSet || (cause as { code?: string }).code !== 'EADDRINUSE') {
      throw new AppError('config_invalid', `INTERNAL_PORT: cannot listen on ${host}:${port}`, {
        cause,
      });
    }
    const address = await server.listen({ host, port: 0 });
    log.warn('the internal port is taken, another is used', { port, address });
    return address;
  }
}
