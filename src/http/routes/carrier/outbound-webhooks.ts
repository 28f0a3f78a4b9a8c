// The carrier's webhooks of a call that we make: somebody has answered, what happened, and whether a machine speaks.

import type { FastifyPluginAsync } from 'fastify';
import { isId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/log.ts';
import type { Doorbell } from '../../../reception/calls/ring.ts';
import { outboundStates, updateOutboundCall } from '../../../store/calls/outbound-calls.ts';
import type { OutboundCall } from '../../../store/calls/outbound-calls.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { parsePhoneNumber } from '../../../telephony/phone-number.ts';
import { hangUpTwiml } from '../../../telephony/twiml.ts';
import type { SignatureSettings } from '../../../telephony/twilio-signature.ts';
import { CALL_SID_LENGTH_MAX } from '../../carrier/call-states.ts';
import { signedForm } from '../../carrier/carrier-signature.ts';
import { connectAnswer } from '../../carrier/connect-answer.ts';

const BODY_BYTES_MAX = 64 * 1024;

export interface OutboundWebhookParts {
  readonly sql: Sql;
  readonly log: Log;
  readonly signature: SignatureSettings;
  readonly doorbell: Doorbell;
  /** A machine has spoken, to its `tone` or until it was quiet, and is ready to be spoken to. Never rejects. */
  onMachine(call: OutboundCall, how: { readonly tone: boolean }): Promise<void>;
  /** The carrier says that this call is over: settle it if its process has died. Never rejects. */
  callEnded(callSid: string): Promise<void>;
}

type Form = Readonly<Record<string, unknown>>;

/** Wire: Twilio "Call resource" (create), "Answering Machine Detection". */
export function outboundWebhooks(parts: OutboundWebhookParts): FastifyPluginAsync {
  const { sql, log, signature, doorbell } = parts;
  const { publicUrl } = signature;

  return async (app) => {
    app.addHook('preHandler', signedForm(signature));
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    app.post('/voice/outbound', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      reply.type('text/xml');
      const call = await updated(request, { state: 'in-progress' });
      if (!call || call.endedAt !== null || call.callSid === null) return hangUpTwiml();
      const { callSid, phoneNumber } = call;
      const to = parsePhoneNumber(formOf(request.body)['From']);
      const ring = await doorbell.ring({ callSid, from: phoneNumber, to });
      if (ring.type === 'connect') return connectAnswer(publicUrl, ring, phoneNumber);
      log.warn('a call that we made cannot be served', { callSid, reason: ring.reason });
      // Somebody has answered, and heard nothing.
      await updated(request, { state: 'failed' });
      return hangUpTwiml();
    });

    app.post('/voice/outbound-status', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = formOf(request.body);
      const status = text(form['CallStatus']);
      const state = outboundStates.find((each) => each === status);
      const seconds = /^\d{1,6}$/.exec(text(form['CallDuration']));
      const durationSeconds = seconds ? Number(seconds[0]) : undefined;
      const call = await updated(request, { state, durationSeconds });
      if (call?.endedAt && call.callSid !== null) await parts.callEnded(call.callSid);
      return reply.code(204).send();
    });

    app.post('/voice/outbound-amd', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const answeredBy = text(formOf(request.body)['AnsweredBy']);
      const machine = answeredBy.startsWith('machine');
      const known = machine ? 'machine' : answeredBy === 'human' || answeredBy === 'fax';
      const call = await updated(request, {
        ...(known !== false && {
          answeredBy: machine ? 'machine' : (answeredBy as 'human' | 'fax'),
        }),
      });
      log.info('answering machine detection', { outboundId: call?.id, answeredBy });
      if (call && call.endedAt === null && (machine || answeredBy === 'fax')) {
        await parts.onMachine(call, { tone: answeredBy === 'machine_end_beep' });
      }
      return reply.code(204).send();
    });
  };

  async function updated(
    request: { readonly query: unknown; readonly body: unknown },
    change: Parameters<typeof updateOutboundCall>[2],
  ): Promise<OutboundCall | undefined> {
    const id = text((request.query as { call?: unknown } | undefined)?.call);
    const callSid = text(formOf(request.body)['CallSid']).slice(0, CALL_SID_LENGTH_MAX);
    if (!isId(id) || callSid === '') return undefined;
    try {
      return await updateOutboundCall(sql, id, { ...change, callSid });
    } catch (error) {
      log.error('an outbound call could not be brought up to date', { outboundId: id, error });
      return undefined;
    }
  }
}

function formOf(body: unknown): Form {
  return (body ?? {}) as Form;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
