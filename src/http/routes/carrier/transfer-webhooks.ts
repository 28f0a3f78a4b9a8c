// The carrier's webhooks of a transfer: what the called person hears, the key they press, and how it ended.

import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '../../../lib/clock.ts';
import { isId } from '../../../lib/ids.ts';
import type { Log } from '../../../lib/log.ts';
import type { Doorbell } from '../../../reception/calls/ring.ts';
import {
  announce,
  answered,
  decide,
  endFallback,
  endTransfer,
  fallbackTold,
  miss,
} from '../../../reception/tools/transfers.ts';
import { findCalledClient } from '../../../store/clients/clients.ts';
import type { Sql } from '../../../store/database/sql.ts';
import {
  afterTransferTwiml,
  goOnTwiml,
  hangUpTwiml,
  whisperTwiml,
} from '../../../telephony/twiml.ts';
import { parsePhoneNumber } from '../../../telephony/phone-number.ts';
import type { SignatureSettings } from '../../../telephony/twilio-signature.ts';
import { CALL_SID_LENGTH_MAX, finalStates } from '../../carrier/call-states.ts';
import { signedForm } from '../../carrier/carrier-signature.ts';
import { partiesOf } from '../../carrier/parties.ts';
import { connectAnswer } from '../../carrier/connect-answer.ts';

const BODY_BYTES_MAX = 64 * 1024;
/** What the person presses to take the call. */
const TAKE_KEY = '1';

export interface TransferWebhookParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly signature: SignatureSettings;
  readonly doorbell: Doorbell;
}

type Form = Readonly<Record<string, unknown>>;

/** Wire: Twilio "TwiML Voice: Dial", "Number". Always TwiML, never a 5xx: a failure is a call that nobody takes. */
export function transferWebhooks(parts: TransferWebhookParts): FastifyPluginAsync {
  const { sql, clock, log, signature, doorbell } = parts;
  const ends = { sql, clock };
  const { publicUrl } = signature;

  return async (app) => {
    app.addHook('preHandler', signedForm(signature));
    app.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    app.post('/voice/transfer/announce', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const id = transferOf(request.query);
      const told = id && (await announce(sql, id).catch(failed('announced')));
      reply.type('text/xml');
      if (!told) return hangUpTwiml();
      return whisperTwiml({ ...told, keyUrl: `${publicUrl}/voice/transfer/key?transfer=${id}` });
    });

    app.post('/voice/transfer/key', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const id = transferOf(request.query);
      const takes = ((request.body ?? {}) as Form)['Digits'] === TAKE_KEY;
      const connects = id && (await decide(sql, id, takes).catch(failed('decided')));
      log.info('transfer decided', { transferId: id, takes });
      return reply.type('text/xml').send(connects ? goOnTwiml() : hangUpTwiml());
    });

    app.post('/voice/transfer/status', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const id = transferOf(request.query);
      const state = text(((request.body ?? {}) as Form)['CallStatus']);
      if (id) await answered(sql, id, state).catch(failed('answered'));
      return reply.code(204).send();
    });

    app.post('/voice/fallback-status', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Form;
      const client = text((request.query as { client?: unknown }).client);
      const callSid = text(form['ParentCallSid']).slice(0, CALL_SID_LENGTH_MAX);
      const phoneNumber = parsePhoneNumber(form['To']);
      const state = text(form['CallStatus']);
      log.info('fallback number', { callSid, state });
      if (callSid !== '' && phoneNumber !== undefined) {
        const callerPhone = parsePhoneNumber(form['From']) ?? null;
        const dial = { clientId: isId(client) ? client : null, callSid, callerPhone, phoneNumber };
        await fallbackTold(ends, dial, state).catch(failed('told'));
      }
      return reply.code(204).send();
    });

    app.post('/voice/after-transfer', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Form;
      const transferId = transferOf(request.query);
      const dialStatus = text(form['DialCallStatus']);
      const callSid = text(form['CallSid']).slice(0, CALL_SID_LENGTH_MAX);
      // Also asked when the caller has hung up: then nobody follows the answer.
      const gone = finalStates.has(text(form['CallStatus']));
      const { other, ours, outbound } = partiesOf(form);
      reply.type('text/xml');
      if (transferId === undefined) {
        await endFallback(ends, { callSid, dialStatus }).catch(failed('ended'));
        const language = await languageOf(ours);
        return afterTransferTwiml(dialStatus, { language, outbound });
      }
      const ended = await endTransfer(ends, { transferId, callSid, dialStatus, gone }).catch(
        failed('ended'),
      );
      log.info('transfer ended', { callSid, transferId, dialStatus, ended });
      if (ended !== 'back' && ended !== undefined) return hangUpTwiml();
      const ring = await doorbell.goOn({ callSid, from: other, to: ours });
      if (ring.type === 'connect') return connectAnswer(publicUrl, ring, other);
      await miss(ends, callSid).catch(failed('ended'));
      return afterTransferTwiml('no-answer', { language: ring.language, outbound });
    });
  };

  /** Undefined when the database does not answer. */
  async function languageOf(ours: string | undefined): Promise<string | undefined> {
    if (ours === undefined) return undefined;
    return (await findCalledClient(sql, ours).catch(failed('ended')))?.language;
  }

  function failed(what: string) {
    return (error: unknown): undefined => {
      log.error('a transfer could not be handled', { what, error });
      return undefined;
    };
  }
}

function transferOf(query: unknown): string | undefined {
  const id = text((query as { transfer?: unknown } | undefined)?.transfer);
  return isId(id) ? id : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
