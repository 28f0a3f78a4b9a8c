// Where an owner's tool is asked and with which headers: checked as it is set, the headers sealed at once.

import { Type } from 'typebox';
import { AppError } from '../../lib/errors.ts';
import { parseGuardedUrl } from '../../lib/guarded-fetch.ts';
import type { Sealer } from '../../lib/sealing.ts';
import { callPlaceholders, placeholdersOf } from '../../reception/tools/http-tool.ts';
import { invalid } from './fields.ts';

const HEADERS_MAX = 10;

/** Ours to set, or about the connection itself. */
const ownHeaders =
  /^(host|content-length|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|proxy-.*|cookie|accept-encoding)$/i;

/** Sent with each request; never shown again. */
export const Headers = Type.Record(
  Type.String({ pattern: '^[A-Za-z][A-Za-z0-9-]{0,63}$' }),
  Type.String({ maxLength: 2000, pattern: '^[\\x20-\\x7E]*$' }),
  {
    maxProperties: HEADERS_MAX,
    description: 'Sent with each request, replaced as a whole, never shown again.',
    examples: [{ authorization: 'Bearer a-secret' }],
  },
);

export interface TargetParts {
  readonly sealer: Sealer;
  readonly loopbackOrigins: readonly string[];
}

/** Names to show, and the sealed whole. Throws `invalid`. */
export function sealedHeaders(
  sealer: Sealer,
  clientId: string,
  headers: Readonly<Record<string, string>>,
): { headerNames: readonly string[]; headersSealed: string | null } {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  const strange = names.find(
    (name) => !/^[a-z][a-z0-9-]{0,63}$/.test(name) || ownHeaders.test(name),
  );
  if (strange !== undefined) throw invalid('headers', `${strange} cannot be set.`);
  if (new Set(names).size < names.length)
    throw invalid('headers', 'Each name may stand there once.');
  if (names.length === 0) return { headerNames: [], headersSealed: null };
  const all = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    headerNames: names.toSorted(),
    headersSealed: sealer.seal(JSON.stringify(all), clientId),
  };
}

/** The address as it was given, if it may be asked. Names in braces stand in its path and query only. Throws `invalid`. */
export function checkedUrl(
  template: string,
  names: readonly string[],
  loopbackOrigins: readonly string[],
): string {
  const given = placeholdersOf(template);
  const known = new Set<string>([...names, ...callPlaceholders]);
  const strange = given.find((name) => !known.has(name));
  if (strange !== undefined) throw invalid('url', `There is no parameter ${strange}.`);
  const fill = (text: string) => template.replaceAll(/\{[A-Za-z][\w-]*\}/g, text);
  try {
    const [one, two] = [fill('one'), fill('two')].map((url) =>
      parseGuardedUrl(url, loopbackOrigins),
    );
    if (one!.origin !== two!.origin) throw invalid('url', 'A parameter cannot stand in the host.');
  } catch (error) {
    if (error instanceof AppError && !error.fields) throw invalid('url', error.publicMessage);
    throw error;
  }
  return template;
}
