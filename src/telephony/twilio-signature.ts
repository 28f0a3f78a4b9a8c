// Is this request from Twilio? Checked against the configured public URL, never against what a request says it is.

// The package's own file for this: importing the whole package costs 130 ms and 38 MB, this one 10 ms and 9 MB.
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

export interface SignatureSettings {
  /** The origin that was given to Twilio, `https://host` or `http://host:port`; no path. */
  readonly publicUrl: string;
  /** The account's auth token, and the secondary one while they rotate. Without any, nothing is valid. */
  readonly authTokens: readonly string[];
}

/** An HTTP request or upgrade as it came. */
export interface SignedRequest {
  /** The header `x-twilio-signature`. */
  readonly signature: string | readonly string[] | undefined;
  /** Path and query as in the request line: a router that decodes or trims changes the signed text. */
  readonly rawPath: string;
}

/** Decoded fields of a form body; repeated ones as a list. */
export type SignedForm = Readonly<Record<string, unknown>>;

/**
 * Whether a webhook (form POST, or GET with an empty form) was signed for us. The signature holds no time: whether it
 * is a replay must be found out otherwise. Never throws. Wire: Twilio "Webhooks Security".
 */
export function isSignedForm(
  settings: SignatureSettings,
  request: SignedRequest,
  form: SignedForm,
): boolean {
  if (!Object.values(form).every(isFieldValue)) return false;
  return isSigned(settings, request, [originOf(settings) + request.rawPath], form);
}

/**
 * Whether a WebSocket upgrade was signed for us. Twilio signs the ws(s) URL of our TwiML; with or without a trailing
 * slash and the default port is for it to choose, and as hard to forge. Never throws.
 */
export function isSignedUpgrade(settings: SignatureSettings, request: SignedRequest): boolean {
  const origin = originOf(settings).replace(/^http/, 'ws');
  const hasPort = /:\d+$/.test(origin);
  const origins = hasPort ? [origin] : [origin, `${origin}:443`];
  const paths = [request.rawPath, withOtherSlash(request.rawPath)];
  const urls = origins.flatMap((each) => paths.map((path) => each + path));
  return isSigned(settings, request, urls, {});
}

function isSigned(
  { authTokens }: SignatureSettings,
  { signature, rawPath }: SignedRequest,
  urls: readonly string[],
  form: SignedForm,
): boolean {
  // A request line may also hold a whole URL; joined to ours it would be something else.
  if (typeof signature !== 'string' || !rawPath.startsWith('/')) return false;
  return authTokens.some((token) =>
    urls.some((url) => validateRequest(token, signature, url, form)),
  );
}

function originOf({ publicUrl }: SignatureSettings): string {
  return publicUrl.replace(/\/+$/, '');
}

function withOtherSlash(rawPath: string): string {
  const [path = '', ...query] = rawPath.split('?');
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return [other, ...query].join('?');
}

/** The validator joins values as text, which objects may refuse. */
function isFieldValue(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  );
}
