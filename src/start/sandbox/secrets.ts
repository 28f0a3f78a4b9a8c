// The secrets of a sandbox: made once into DATA_DIR, so that who is logged in stays so after a restart.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseObject, readText } from '../../lib/untrusted-json.ts';

export interface Secrets {
  readonly jwtSecret: string;
  readonly sealingKey: string;
}

const BYTES = 32;

/** Those configured, and for the rest the ones of `dataDir`. */
export function openSecrets(
  { jwtSecret, sealingKey }: { [Name in keyof Secrets]: string | undefined },
  dataDir: string,
): Secrets {
  if (jwtSecret !== undefined && sealingKey !== undefined) return { jwtSecret, sealingKey };
  const file = path.join(dataDir, 'secrets.json');
  if (!existsSync(file)) {
    const made = () => randomBytes(BYTES).toString('base64url');
    const secrets: Secrets = { jwtSecret: made(), sealingKey: made() };
    mkdirSync(dataDir, { recursive: true });
    // A rename is all or nothing: half a file would log everybody out, or worse, unseal nothing.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  }
  const kept = parseObject(readFileSync(file, 'utf8'));
  return {
    jwtSecret: jwtSecret ?? readText(kept, 'jwtSecret'),
    sealingKey: sealingKey ?? readText(kept, 'sealingKey'),
  };
}
