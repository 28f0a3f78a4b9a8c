// A service account's key file, as an owner uploads it: four of its fields are taken, and not one of its addresses.

import { createPrivateKey } from 'node:crypto';
import { parseObject, readText } from '../../lib/untrusted-json.ts';
import type { JsonObject } from '../../lib/untrusted-json.ts';

export interface ServiceAccount {
  readonly projectId: string;
  readonly privateKeyId: string;
  /** PEM */
  readonly privateKey: string;
  readonly email: string;
}

/** Google's own kinds of addresses for such accounts. */
const address = /^[a-z0-9][a-z0-9.-]{0,98}@[a-z0-9.-]{1,100}\.gserviceaccount\.com$/;
const KEY_BITS_MIN = 2048;

/** Throws a TypeError that says in words what is wrong, and nothing of what the file says. */
export function parseServiceAccount(json: string): ServiceAccount {
  let file: JsonObject;
  try {
    file = parseObject(json);
  } catch {
    throw new TypeError('This is not the JSON of a key file.');
  }
  const text = (field: string) => {
    try {
      return readText(file, field);
    } catch {
      return '';
    }
  };
  if (text('type') !== 'service_account') {
    throw new TypeError('Only key files of the type service_account are taken.');
  }
  const email = text('client_email').toLowerCase();
  if (!address.test(email)) throw new TypeError('client_email is not that of a service account.');
  const privateKey = text('private_key');
  if (!isGoodKey(privateKey)) {
    throw new TypeError(`private_key is not an RSA key of at least ${KEY_BITS_MIN} bits.`);
  }
  return {
    projectId: text('project_id').slice(0, 100),
    privateKeyId: text('private_key_id').slice(0, 100),
    privateKey,
    email,
  };
}

function isGoodKey(pem: string): boolean {
  // Anything but a plain key, such as one that is encrypted or names an engine, is none.
  if (!pem.startsWith('-----BEGIN PRIVATE KEY-----') || pem.length > 10_000) return false;
  try {
    const key = createPrivateKey({ key: pem, format: 'pem' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= KEY_BITS_MIN;
  } catch {
    return false;
  }
}
