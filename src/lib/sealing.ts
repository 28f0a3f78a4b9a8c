// Seals what must be read again but by nobody else: AES-256-GCM, with the name of the key, and for one owner only.

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 's1';

export interface Sealer {
  /** Of the key that seals now. Tells nothing about the key. */
  readonly keyId: string;
  /** `owner` is part of the seal: moved to another owner it does not open. */
  seal(text: string, owner: string): string;
  /** Throws `internal` when the key is not known any more, the owner is another, or a bit has changed. */
  open(sealed: string, owner: string): string;
}

/** The first key seals; the others, its predecessors, only open. */
export function openSealer([current, ...previous]: readonly [string, ...string[]]): Sealer {
  const keys = new Map([current, ...previous].map((secret) => [idOf(secret), keyOf(secret)]));
  const keyId = idOf(current);
  return {
    keyId,
    seal(text, owner) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys.get(keyId)!, iv);
      cipher.setAAD(contextOf(keyId, owner));
      const data = Buffer.concat([
        cipher.update(text, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return [VERSION, keyId, iv.toString('base64url'), data.toString('base64url')].join('.');
    },
    open(sealed, owner) {
      const [version, id = '', iv = '', data = ''] = sealed.split('.');
      const key = keys.get(id);
      if (version !== VERSION || !key) {
        throw new AppError('internal', 'sealed with a key that is not configured');
      }
      try {
        const bytes = Buffer.from(data, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(contextOf(id, owner));
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
        const text = decipher.update(bytes.subarray(0, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        // The cause would say no more, and has no business in a log.
        throw new AppError('internal', 'a seal that is broken or belongs to another owner');
      }
    },
  };
}

function keyOf(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'frontdesk sealing', 32));
}

function idOf(secret: string): string {
  return createHash('sha256').update(`frontdesk key id\0${secret}`).digest('hex').slice(0, 12);
}

function contextOf(keyId: string, owner: string): Buffer {
  return Buffer.from(`${VERSION}\0${keyId}\0${owner}`);
}
