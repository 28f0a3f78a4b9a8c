// Passwords: kept as scrypt hashes (RFC 7914), refused when everybody's first guess.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from './errors.ts';

export const PASSWORD_CHARACTERS_MIN = 8;
const PASSWORD_CHARACTERS_MAX = 200;

/** Shorter parts of a name are in many words. */
const PART_CHARACTERS_MIN = 4;
/** What stands beside one's own name must be at least as much as this. */
const REST_CHARACTERS_MIN = 4;

/** What OWASP's sheet on password storage asks for: 32 MB, three times over. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** Each keeps a thread busy for some 200 ms, and calls need threads, too. */
const HASHES_AT_ONCE = 2;
const HASHES_WAITING_MAX = 32;

/** `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const { N, r, p } = COST;
  const key = await derive(password, salt, KEY_BYTES, COST);
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long for an account without a password, or none at all, as for a wrong one. */
export async function verifyPassword(password: string, hash: string | null): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = (hash ?? nobody).split('$');
  const right = Buffer.from(key, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: COST.maxmem };
  const given = await derive(password, Buffer.from(salt, 'base64url'), right.length, cost);
  return timingSafeEqual(given, right) && hash !== null;
}

/** What is wrong with a new password, in words for the one who chose it; none when it is good. */
export async function passwordFaults(
  password: string,
  ownWords: readonly string[] = [],
): Promise<string[]> {
  const faults: string[] = [];
  if (password.length < PASSWORD_CHARACTERS_MIN) {
    faults.push(
      `This password is too short. It must contain at least ${PASSWORD_CHARACTERS_MIN} characters.`,
    );
  }
  if (password.length > PASSWORD_CHARACTERS_MAX) {
    faults.push(`This password is too long. At most ${PASSWORD_CHARACTERS_MAX} characters.`);
  }
  const lower = password.toLowerCase();
  if (faults.length === 0 && (await commonPasswords()).has(lower)) {
    faults.push('This password is too common.');
  }
  if (faults.length === 0 && isPattern(lower)) {
    faults.push('This password is too easy to guess.');
  }
  if (isOwn(lower, ownWords)) {
    faults.push('This password is too similar to your own name or address.');
  }
  return faults;
}

/** A short piece again and again, or letters or digits in their order. */
function isPattern(password: string): boolean {
  if (/^(.{1,4})\1+.{0,3}$/su.test(password)) return true;
  const codes = Array.from(password, (letter) => letter.codePointAt(0)!);
  const step = (codes[1] ?? 0) - (codes[0] ?? 0);
  return (
    Math.abs(step) === 1 && codes.every((code, at) => at === 0 || code === codes[at - 1]! + step)
  );
}

/** Little is left of it without names and addresses of its owner, and their parts. */
function isOwn(password: string, ownWords: readonly string[]): boolean {
  const words = ownWords.map((word) => word.toLowerCase()).filter((word) => word !== '');
  if (words.includes(password)) return true;
  const parts = words
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .filter((part) => part.length >= PART_CHARACTERS_MIN)
    .toSorted((one, other) => other.length - one.length);
  const rest = parts.reduce((left, part) => left.replaceAll(part, ''), password);
  return rest !== password && rest.length < REST_CHARACTERS_MIN;
}

/** A hash that no password has. */
const nobody = ['scrypt', COST.N, COST.r, COST.p, 'A'.repeat(22), 'A'.repeat(43)].join('$');

let common: Promise<ReadonlySet<string>> | undefined;

/** Those long enough to be refused for nothing but being common; read when first asked for. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) =>
      new Set(
        dictionary['passwords-common'].filter((each) => each.length >= PASSWORD_CHARACTERS_MIN),
      ),
  );
  return common;
}

let running = 0;
const waiting: (() => void)[] = [];

/** Throws `unavailable` when too many wait already. */
async function derive(
  password: string,
  salt: Buffer,
  bytes: number,
  cost: typeof COST,
): Promise<Buffer> {
  if (waiting.length >= HASHES_WAITING_MAX) {
    throw new AppError('unavailable', 'too many passwords are being checked');
  }
  // Whoever is done hands the place on, so that nobody who comes meanwhile takes it.
  if (running < HASHES_AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      scrypt(password.normalize('NFKC'), salt, bytes, cost, (error, key) =>
        error ? reject(error) : resolve(key),
      );
    });
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
