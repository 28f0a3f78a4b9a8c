// The carrier's webhook for text messages that people send to a client's number: who wants none, and who wants them again.

import type { FastifyPluginAsync } from 'fastify';
import { meaningOf } from '../../../delivery/opt-out-words.ts';
import type { Log } from '../../../lib/log.ts';
import { optIn, optOut } from '../../../store/calls/sms-opt-outs.ts';
import type { Sql } from '../../../store/database/sql.ts';
import { parsePhoneNumber } from '../../../telephony/phone-number.ts';
import type { SignatureSettings } from '../../../telephony/twilio-signature.ts';
import { signedForm } from '../../carrier/carrier-signature.ts';

const BODY_BYTES_MAX = 64 * 1024;
/** Nothing to say: the carrier itself confirms an opt-out. */
const NO_ANSWER = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>';

export interface SmsParts {
  readonly sql: Sql;
  readonly log: Log;
  readonly signature: SignatureSettings;
}

/** Wire: Twilio "Messaging webhooks". A 5xx where nothing could be stored: the carrier's fallback or retry tells us again. */
export function smsRoutes({ sql, log, signature }: SmsParts): FastifyPluginAsync {
  return async (app) => {
    app.addHook('preHandler', signedForm(signature));
    app.post('/sms', { bodyLimit: BODY_BYTES_MAX }, async (request, reply) => {
      const form = (request.body ?? {}) as Readonly<Record<string, unknown>>;
      const recipient = parsePhoneNumber(form['From']);
      const sender = parsePhoneNumber(form['To']);
      const meaning = meaningOf(typeof form['Body'] === 'string' ? form['Body'] : '');
      if (recipient !== undefined && sender !== undefined) {
        if (meaning === 'stop') await optOut(sql, sender, recipient);
        if (meaning === 'start') await optIn(sql, sender, recipient);
      }
      log.info('text message received', { meaning, pii: { from: recipient } });
      return reply.type('text/xml').header('cache-control', 'no-store').send(NO_ANSWER);
    });
  };
}
