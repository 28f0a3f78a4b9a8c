// A WebSocket client without manners: the handshake, then any bytes, then the code the server closes with.

import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export interface RawSocket {
  readonly socket: Socket;
  write(bytes: Uint8Array): void;
  /** The code of the server's close frame; 0 when it cut the connection without one. */
  closeCode(): Promise<number>;
  /** Frames of this opcode that have come. */
  count(opcode: number): number;
}

export async function openRawSocket(port: number): Promise<RawSocket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(
    'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  let received = Buffer.alloc(0);
  const wake = new Set<() => void>();
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes as Buffer]);
    for (const each of wake) each();
  });
  socket.on('close', () => {
    for (const each of wake) each();
  });
  const until = async (met: () => boolean) => {
    while (!met() && !socket.destroyed) {
      await new Promise<void>((resolve) => {
        wake.add(resolve);
      });
      wake.clear();
    }
  };
  await until(() => received.includes('\r\n\r\n'));
  received = received.subarray(received.indexOf('\r\n\r\n') + 4);
  return {
    socket,
    write: (bytes) => socket.write(bytes),
    async closeCode() {
      const closing = () => frames(received).find(({ opcode }) => opcode === 8);
      await until(() => closing() !== undefined);
      socket.destroy();
      const payload = closing()?.payload;
      return payload === undefined ? 0 : payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    },
    count: (opcode) => frames(received).filter((frame) => frame.opcode === opcode).length,
  };
}

/** One frame from a client, masked with zeros unless told otherwise. */
export function clientFrame(
  opcode: number,
  payload: Uint8Array | string,
  { final = true, masked = true, reserved = 0, declaredBytes = -1 } = {},
): Buffer {
  const body = Buffer.from(payload as string);
  const length = declaredBytes >= 0 ? declaredBytes : body.length;
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  const mask = masked ? 0x80 : 0;
  const header =
    length < 126
      ? Buffer.from([first, mask | length])
      : length < 0x1_0000
        ? Buffer.from([first, mask | 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([first, mask | 127]), bigEndian64(length)]);
  return Buffer.concat([header, Buffer.alloc(masked ? 4 : 0), body]);
}

function bigEndian64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** The server's frames; they are not masked. */
function frames(bytes: Buffer): { opcode: number; payload: Buffer }[] {
  const found: { opcode: number; payload: Buffer }[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + header > bytes.length) break;
    const length =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    if (at + header + length > bytes.length) break;
    found.push({
      opcode: bytes[at]! & 0x0f,
      payload: bytes.subarray(at + header, at + header + length),
    });
    at += header + length;
  }
  return found;
}
