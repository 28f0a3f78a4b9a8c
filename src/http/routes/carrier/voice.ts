// The carrier's webhooks: a call rings, a call or stream has changed. Always TwiML, never a 5xx.

import type { FastifyPluginAsync } from 'fastify';
import type { Log } from '../../../lib/log.ts';
import type { Doorbell, RefusalReason, Ring, RingingCall } from '../../../reception/calls/ring.ts';
import type { Refusal } from '../../../telephony/carrier-sentences.ts';
import { parsePhoneNumber } from '../../../telephony/phone-number.ts';
import { askAgainTwiml, hangUpTwiml, refusalTwiml, rejectTwiml } from '../../../telephony/twiml.ts';

import type { SignatureSettings } from '../../../telephony/twilio-signature.ts';
import { CALL_SID_LENGTH_MAX, finalStates } from '../../carrier/call-states.ts';
import { signedForm } from '../../carrier/carrier-signature.ts';
import { partiesOf } from '../../carrier/parties.ts';
import { callerIdFor, connectAnswer, fallbackStatusUrl } from '../../carrier/connect-answer.ts';

/** The carrier's form has some 40 short fields. */
const BODY_BYTES_MAX = 64 * 1024;

/** Times that a call is asked to wait for a process that takes it over, 2 s each. */
const WAITS_MAX = 10;

export interface VoiceParts {
  readonly log: Log;
  readonly signature: SignatureSettings;
  readonly doorbell: Doorbell;
  /** The carrier says that this call is over: settle it if its process has died. Never rejects. */
  callEnded(callSid: string): Promise<void>;
}

type Form = Readonly<Record<string, unknown>>;

/** Wire: Twilio "TwiML for Programmable Voice", contracts/frontdesk-api.md "Webhooks". */
export function voiceRoutes(parts: VoiceParts): FastifyPluginAsync {
  const { log, signature, doorbell } = parts;
  const { publicUrl } = signature;

  return async (app) => {
    app.addHook('preHandler', signedForm(signature));
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    app.post('/voice', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Form;
      const callSid = text(form['CallSid']).slice(0, CALL_SID_LENGTH_MAX);
      const from = parsePhoneNumber(form['From']);
      const call = { callSid, from, to: parsePhoneNumber(form['To']) };
      const ring = await doorbell.ring(call);
      reply.type('text/xml');
      if (ring.type === 'refuse') {
        log.info('call refused', { callSid, reason: ring.reason });
        if (isTurnedAway(ring.reason)) return rejectTwiml();
        return refusalTwiml(ring.reason, {
          language: ring.language,
          ...(await fallBack(call, ring)),
        });
      }
      return connectAnswer(publicUrl, ring, from);
    });

    app.post('/voice/after', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Form;
      const callSid = text(form['CallSid']).slice(0, CALL_SID_LENGTH_MAX);
      const { other, ours, outbound } = partiesOf(form);
      const call = { callSid, from: other, to: ours };
      const ring = await doorbell.goOn(call);
      reply.type('text/xml');
      if (ring.type === 'connect') return connectAnswer(publicUrl, ring, other);
      const { reason, language } = ring;
      const waits = waitsOf(request.query);
      log.info('call not taken over', { callSid, reason, waits });
      if (isTurnedAway(reason)) return hangUpTwiml();
      if (reason === 'unavailable' && waits < WAITS_MAX) {
        return askAgainTwiml(`${publicUrl}/voice/after?waits=${waits + 1}`);
      }
      return refusalTwiml(reason, { language, outbound, ...(await fallBack(call, ring)) });
    });

    app.post('/voice/status', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Form;
      const callSid = text(form['CallSid']);
      const state = text(form['CallStatus']);
      log.info('call status', { callSid, state, carrierSeconds: text(form['CallDuration']) });
      if (finalStates.has(state) && callSid !== '') await parts.callEnded(callSid);
      return reply.code(204).send();
    });

    app.post('/voice/stream-status', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Form;
      const event = text(form['StreamEvent']);
      const fields = { callSid: text(form['CallSid']), event };
      if (event === 'stream-error') {
        log.warn('stream failed at the carrier', { ...fields, why: text(form['StreamError']) });
      } else {
        log.debug('stream status', fields);
      }
      return reply.code(204).send();
    });
  };

  async function fallBack(call: RingingCall, ring: Extract<Ring, { type: 'refuse' }>) {
    const dialled = await doorbell.fallBack(call, ring);
    if (!dialled) return {};
    const { phoneNumber: fallbackNumber, clientId } = dialled;
    return {
      fallbackNumber,
      fallbackStatusUrl: fallbackStatusUrl(publicUrl, clientId),
      callerId: callerIdFor(call.from, call.to),
    };
  }
}

/** Without a word, which costs nobody anything: replays, and callers who are kept out. */
function isTurnedAway(reason: RefusalReason): reason is Exclude<RefusalReason, Refusal> {
  return /^(over|blocked|caller-at-once|caller-often|caller-daily)$/.test(reason);
}

function waitsOf(query: unknown): number {
  const { waits } = (query ?? {}) as { waits?: unknown };
  return /^\d{1,3}$/.test(text(waits)) ? Number(waits) : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
