// Identifiers: time-ordered UUIDs for rows, random tokens for what must not be guessed.

import { randomBytes } from 'node:crypto';

/** A UUID of version 7 (RFC 9562): ordered by `nowMs`, so that new rows stand together in an index. */
export function newId(nowMs: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return formatId(bytes);
}

/** 16 bytes as a UUID is written. */
export function formatId(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

/** 256 random bits, URL-safe, 43 characters. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` may be given to a uuid column. */
export function isId(text: string): boolean {
  return uuid.test(text);
}
