// What we ask of Twilio about a running call: end it, or go on with other instructions.

import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { AppError } from '../lib/errors.ts';

/** A caller waits behind each of these requests. */
const REQUEST_MS_MAX = 5000;
/** "Call is not in progress", and "gone". */
const CALL_IS_GONE = 20_404;
/** Of one recipient; nobody gets as many in a day. */
const LISTED_MAX = 50;
const CALL_IS_OVER = new Set([21_220, CALL_IS_GONE]);

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

/** A text message that the carrier took, or why it did not. */
export type SmsResult =
  | { readonly status: 'sent'; readonly sid: string }
  | {
      readonly status: 'refused';
      /** The recipient wants nothing from this sender, this can never work, or it may work later. */
      readonly reason: 'opted-out' | 'never' | 'later';
      /** Without numbers: fit for the owner's list. */
      readonly why: string;
      /** No answer came: it may have been taken. */
      readonly unanswered?: boolean;
    };

/** A message that the carrier has taken, whatever became of it. */
export interface SentSms {
  readonly sid: string;
  readonly body: string;
  readonly createdAt: Date;
}

export interface Sms {
  /** E.164, ours. */
  readonly from: string;
  /** E.164 */
  readonly to: string;
  /** At most 1600 characters. */
  readonly body: string;
}

/** A call that we make. */
export interface NewCall {
  /** E.164, ours. */
  readonly from: string;
  /** E.164 */
  readonly to: string;
  /** Asked for TwiML when somebody answers. */
  readonly url: string;
  readonly statusUrl: string;
  /** Told whether a machine has answered, once its greeting is over. */
  readonly machineUrl: string;
  /** How long it rings. */
  readonly ringSeconds: number;
  /** The carrier ends it then. */
  readonly secondsMax: number;
}

export interface PlacedCallState {
  readonly status:
    | 'queued'
    | 'ringing'
    | 'in-progress'
    | 'completed'
    | 'busy'
    | 'no-answer'
    | 'failed'
    | 'canceled';
  /** Of a call that is over. */
  readonly seconds: number | undefined;
}

export interface Carrier extends CarrierCalls {
  /** The carrier's name for the call. Rejects with `vendor_failed`. Wire: Twilio "Call resource". */
  placeCall(call: NewCall): Promise<string>;
  /** What became of a call; undefined when there is none of this name. Rejects with `vendor_failed`. */
  findCall(callSid: string): Promise<PlacedCallState | undefined>;
  /** Never rejects. Wire: Twilio "Message resource". */
  sendSms(sms: Sms): Promise<SmsResult>;
  /** What it has taken last for this recipient from this sender, newest first. Rejects with `vendor_failed`. */
  listSms(between: Pick<Sms, 'from' | 'to'>): Promise<readonly SentSms[]>;
}

/** What the carrier says no to for good, in words for the owner. */
const smsRefusals: Readonly<Record<number, string>> = {
  21_211: 'The number does not exist.',
  21_214: 'The number cannot be reached.',
  21_408: 'The carrier account may not send to this country.',
  21_606: 'The number of this client cannot send text messages.',
  21_612: 'The number cannot be reached from the number of this client.',
  21_614: 'The number is not a mobile number.',
  21_617: 'The text is too long.',
  30_034: 'The sender is not registered for text messages in the United States.',
};
const OPTED_OUT = 21_610;
/** No connection was made: what was to be asked was not. */
const neverAsked = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);
/** Something broke on the way or behind it: what was asked may have been done. */
const maybeDone = new Set([500, 502, 504]);
const UNANSWERED = 'The carrier did not answer.';

/**
 * Loads the vendor's SDK, which takes 130 ms of the event loop: to be done when the process starts, not in a call.
 * Wire: Twilio "Call resource".
 */
export async function openCarrierCalls(settings: CarrierSettings): Promise<Carrier> {
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
    async placeCall(call) {
      try {
        const { sid } = await client.calls.create({
          from: call.from,
          to: call.to,
          url: call.url,
          statusCallback: call.statusUrl,
          statusCallbackEvent: ['ringing', 'answered', 'completed'],
          timeout: call.ringSeconds,
          timeLimit: call.secondsMax,
          // Asynchronous: the other way whoever answers would hear nothing until it is decided.
          machineDetection: 'DetectMessageEnd',
          asyncAmd: 'true',
          asyncAmdStatusCallback: call.machineUrl,
        });
        if (typeof sid !== 'string') throw new Error('a call without a name');
        return sid;
      } catch (error) {
        throw failure(error);
      }
    },
    async findCall(callSid) {
      try {
        const { status, duration } = await client.calls(callSid).fetch();
        const seconds = /^\d{1,6}$/.test(duration ?? '') ? Number(duration) : undefined;
        return { status, seconds };
      } catch (error) {
        if (Number(fieldsOf(error).code) === CALL_IS_GONE) return undefined;
        throw failure(error);
      }
    },
    async sendSms({ from, to, body }) {
      try {
        const { sid } = await client.messages.create({ from, to, body });
        if (typeof sid === 'string') return { status: 'sent', sid };
        return { status: 'refused', reason: 'later', why: UNANSWERED, unanswered: true };
      } catch (error) {
        return smsRefusal(error);
      }
    },
    async listSms({ from, to }) {
      try {
        // Not by the date of sending, which what still waits there does not have.
        const found = await client.messages.list({ from, to, limit: LISTED_MAX });
        return found.flatMap(({ sid, body, dateCreated: createdAt }) => {
          const known = typeof sid === 'string' && typeof body === 'string';
          return known && createdAt instanceof Date ? [{ sid, body, createdAt }] : [];
        });
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

function smsRefusal(error: unknown): SmsResult {
  const { status, code } = fieldsOf(error);
  const number = Number(code);
  const why = smsRefusals[number];
  if (number === OPTED_OUT) {
    return { status: 'refused', reason: 'opted-out', why: 'The number has opted out.' };
  }
  if (why !== undefined) return { status: 'refused', reason: 'never', why };
  if (status === undefined) {
    const unanswered = !neverAsked.has(String(code));
    return { status: 'refused', reason: 'later', why: UNANSWERED, unanswered };
  }
  const said = `The carrier refused with status ${status}${Number.isNaN(number) ? '' : `, code ${number}`}.`;
  const later = status === 429 || status >= 500;
  const unanswered = maybeDone.has(status);
  return { status: 'refused', reason: later ? 'later' : 'never', why: said, unanswered };
}

/** Without the cause, which carries the request and with it the credentials, and without the numbers that Twilio names. */
function failure(error: unknown): AppError {
  const { status, code, message } = fieldsOf(error);
  const plain = String(message).replaceAll(/\+?\d[\d\s().-]{5,}\d/g, '(a number)');
  return new AppError('vendor_failed', `twilio: ${status ?? '-'} ${code ?? '-'} ${plain}`);
}

/** Of the SDK's RestException, or of the AxiosError it lets through when the network fails. */
function fieldsOf(error: unknown): { status?: number; code?: number | string; message?: string } {
  return error instanceof Error ? error : { message: String(error) };
}

function trimEnd(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, '');
}
