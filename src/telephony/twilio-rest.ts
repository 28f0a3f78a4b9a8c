// What we ask of Twilio about a running call: end it, or go on with other instructions.

import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { AppError } from '../lib/errors.ts';

/** A caller waits behind each of these requests. */
const REQUEST_MS_MAX = 5000;
/** "Call is not in progress", and "gone". */
const CALL_IS_OVER = new Set([21_220, 20_404]);

export interface CarrierSettings {
  readonly accountSid: string;
  readonly authToken: string;
  /** In place of `https://api.twilio.com`. */
  readonly baseUrl?: string | undefined;
}

export interface CarrierCalls {
  /** Hangs up. A call that is over already is no failure. Rejects with `vendor_failed`. */
  complete(callSid: string): Promise<void>;
  /** Ends the call's media stream and goes on with `twiml`, at most 4000 characters. Rejects with `vendor_failed`. */
  update(callSid: string, twiml: string): Promise<void>;
}

/**
 * Loads the vendor's SDK, which takes 130 ms of the event loop: to be done when the process starts, not in a call.
 * Wire: Twilio "Call resource".
 */
export async function openCarrierCalls(settings: CarrierSettings): Promise<CarrierCalls> {
  const { default: twilio } = await import('twilio');
  const { accountSid, authToken, baseUrl } = settings;

  /** The SDK can change the region of its host, but not the host. */
  class BaseUrlClient extends twilio.RequestClient {
    override request<Body>(options: RequestClient.RequestOptions<Body>) {
      const { pathname, search } = new URL(options.uri);
      const uri = baseUrl === undefined ? options.uri : trimEnd(baseUrl) + pathname + search;
      return super.request<Body>(Object.assign({}, options, { uri }));
    }
  }

  const httpClient = new BaseUrlClient({ timeout: REQUEST_MS_MAX, keepAlive: true });
  const client = twilio(accountSid, authToken, { httpClient });
  return {
    async complete(callSid) {
      try {
        await client.calls(callSid).update({ status: 'completed' });
      } catch (error) {
        if (!CALL_IS_OVER.has(Number(fieldsOf(error).code))) throw failure(error);
      }
    },
    async update(callSid, twiml) {
      try {
        await client.calls(callSid).update({ twiml });
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

/** Without the cause: it carries the request, and with it the credentials. */
function failure(error: unknown): AppError {
  const { status, code, message } = fieldsOf(error);
  return new AppError('vendor_failed', `twilio: ${status ?? '-'} ${code ?? '-'} ${message}`);
}

/** Of the SDK's RestException, or of the AxiosError it lets through when the network fails. */
function fieldsOf(error: unknown): { status?: number; code?: number | string; message?: string } {
  return error instanceof Error ? error : { message: String(error) };
}

function trimEnd(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}
