// A web server with a certificate for hooks.example.com, for tests of requests that may only go to public addresses.

import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Signed by itself, good until 2126, and known to these tests only. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBrjCCAVOgAwIBAgIUK0gUGdv3EDgUBRjZgrJaDiP6ddMwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRaG9va3MuZXhhbXBsZS5jb20wIBcNMjYxMTI1MTg0NjA5WhgP
MjEyNjExMDExODQ2MDlaMBwxGjAYBgNVBAMMEWhvb2tzLmV4YW1wbGUuY29tMFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMeW5tJ2IyOt8xzjP+QG/S0k2ehMBERwM
1OZBZ1wdNGOnMtQle85s/lVkl9LxOfu0PYuGK/6bQ6PcKwY2YOWv3qNxMG8wHQYD
VR0OBBYEFHMyhasZ1TOWcVDxImjanS4VdSNuMB8GA1UdIwQYMBaAFHMyhasZ1TOW
cVDxImjanS4VdSNuMA8GA1UdEwEB/wQFMAMBAf8wHAYDVR0RBBUwE4IRaG9va3Mu
ZXhhbXBsZS5jb20wCgYIKoZIzj0EAwIDSQAwRgIhAMdKNCoA9A2BOLHpH7dFrN0i
rAKtv9Pnf9ase4e5/1BTAiEAm9Cgh1PXpjm6IFxcLcRQRHR8FHj5nvCJcSWc2U+a
XDc=
-----END CERTIFICATE-----
`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgOS6HOpj+c0aM72KW
xdI4VuPhUKsKsF9lmZE6Z9adE8mhRANCAAQx5bm0nYjI63zHOM/5Ab9LSTZ6EwER
HAzU5kFnXB00Y6cy1CV7zmz+VWSX0vE5+7Q9i4Yr/ptDo9wrBjZg5a/e
-----END PRIVATE KEY-----
`;

export interface WebServer {
  readonly port: number;
  /** Connections that were made, whatever came of them. */
  readonly connections: number;
  /** What was asked for, with the body. */
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
}

/** Listens on loopback until the test ends. Answers 200 unless told otherwise. */
export async function startWebServer(
  t: { after(act: () => Promise<void>): void },
  {
    secure = true,
    host = '127.0.0.1',
    answer = (_request, response) => response.end('ok'),
  }: { secure?: boolean; host?: string; answer?: RequestListener } = {},
): Promise<WebServer> {
  const seen = { port: 0, connections: 0, requests: [] as WebServer['requests'][number][] };
  const listen: RequestListener = (request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.requests.push({ method, url, headers, body: Buffer.concat(pieces).toString() });
      answer(request, response);
    });
  };
  const server = secure
    ? createServer({ cert: certificate, key }, listen)
    : createPlainServer(listen);
  server.on('connection', () => (seen.connections += 1));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  seen.port = (server.address() as AddressInfo).port;
  t.after(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  return seen;
}
