// Tokens signed with the server's key: JSON Web Tokens (RFC 7519) of one algorithm and one header.

import { createHmac, timingSafeEqual } from 'node:crypto';

/** Longer ones are refused before any work. */
const TOKEN_CHARACTERS_MAX = 4096;
/** Clocks of two machines may differ by this much. */
const SKEW_SECONDS = 60;

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** The only header that is made or accepted: nobody else chooses the algorithm or the key. */
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/** Times are seconds since 1970. */
export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly [name: string]: unknown;
}

export function signToken(key: string, claims: Claims): string {
  const signed = `${HEADER}.${encode(claims)}`;
  return `${signed}.${mac(key, signed).toString('base64url')}`;
}

/** The claims, if this key signed them for `iss` and `aud` and their time is now. */
export function verifyToken(
  key: string,
  token: string,
  { iss, aud, nowMs }: { iss: string; aud: string; nowMs: number },
): Claims | undefined {
  if (token.length > TOKEN_CHARACTERS_MAX) return undefined;
  const [header, body, signature, ...rest] = token.split('.');
  if (header !== HEADER || !body || !signature || rest.length > 0) return undefined;
  // As text: several texts stand for the same bytes, and one of them is the token.
  const given = Buffer.from(signature);
  const right = Buffer.from(mac(key, `${header}.${body}`).toString('base64url'));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Partial<Claims>;
  const now = nowMs / 1000;
  const { iat, exp } = claims;
  const nbf = claims['nbf'] ?? iat;
  if (claims.iss !== iss || claims.aud !== aud || typeof claims.sub !== 'string') return undefined;
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof nbf !== 'number') {
    return undefined;
  }
  if (exp <= now - SKEW_SECONDS || nbf > now + SKEW_SECONDS) return undefined;
  return claims as Claims;
}

/** A secret that follows from another: the same each time, and of no use for finding the other. */
export function deriveSecret(key: string, purpose: string, from: string): string {
  return mac(key, `${purpose}\0${from}`).toString('base64url');
}

function mac(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
