// A stand-in for Twilio's REST interface: the calls of the sandbox phone, and text messages that go nowhere.

import formbody from '@fastify/formbody';
import Fastify from 'fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Call } from '../../phone/call.ts';
import type { CallOptions } from '../../phone/call-options.ts';
import { runScript } from '../../phone/caller-script.ts';
import type { Phone } from '../../phone/phone.ts';
import { newSid } from '../../phone/sids.ts';
import { callJson, messageJson, twilioErrors } from './twilio-json.ts';
import type { StoredMessage } from './twilio-json.ts';

/** Messages kept; older ones are forgotten. */
const MESSAGES_MAX = 1000;
/** Requests remembered for tests. */
const REQUESTS_MAX = 1000;
/** Twilio's limits. */
const TWIML_CHARACTERS_MAX = 4000;
const MESSAGE_CHARACTERS_MAX = 1600;

export interface TwilioOptions {
  readonly phone: Phone;
  /** What happens when REST calls a number; answered by a person by default. */
  readonly answers?: (to: string) => CalleePlan;
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

/** Who picks up, as answering-machine detection tells it some time later; or nobody. */
export interface CalleePlan {
  readonly answeredBy?: 'human' | 'machine_end_beep' | 'machine_end_silence' | 'fax' | 'unknown';
  readonly afterMs?: number;
  /** Nobody picks up. */
  readonly unanswered?: CallOptions['unanswered'];
  /** What they say, each after what they hear. */
  readonly says?: readonly string[];
}

/**
 * What goes wrong with every request until it is taken back: an HTTP error, no answer at all, or none although what was asked
 * for is done.
 */
export type RestFault =
  | { readonly status: number; readonly code: number }
  | 'silence'
  | 'lost-answer';

export interface TwilioStandIn {
  /** `http://127.0.0.1:port`, in place of `https://api.twilio.com`. */
  readonly url: string;
  readonly messages: readonly StoredMessage[];
  /** Method, path below the account and fields of each authorised request. */
  readonly requests: readonly RestRequest[];
  fault: RestFault | undefined;
  close(): Promise<void>;
}

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

type Answer = readonly [status: number, body: object];

/** Starts to listen on loopback. */
export async function startTwilio({
  phone,
  port = 0,
  answers,
}: TwilioOptions): Promise<TwilioStandIn> {
  const messages: StoredMessage[] = [];
  const requests: RestRequest[] = [];
  const app = Fastify({ logger: false, forceCloseConnections: true });
  await app.register(formbody);
  const standIn = {
    url: '',
    messages,
    requests,
    fault: undefined as RestFault | undefined,
    close: () => app.close(),
  };
  app.all('/2010-04-01/Accounts/:account/*', (request, reply) => respond(request, reply));
  app.setNotFoundHandler((_request, reply) => send(reply, twilioErrors.notFound('the resource')));
  await app.listen({ host: '127.0.0.1', port });
  standIn.url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return standIn;

  function respond(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const { account, '*': path } = request.params as { account: string; '*': string };
    if (!authorized(request.headers.authorization) || account !== phone.accountSid) {
      return send(reply, twilioErrors.unauthorized);
    }
    const fields = { ...(request.body as Record<string, string> | undefined) };
    const { method } = request;
    requests.push({ method, path, fields });
    if (requests.length > REQUESTS_MAX) requests.shift();
    const { fault } = standIn;
    if (fault === 'silence') {
      reply.hijack();
      return undefined;
    }
    if (typeof fault === 'object')
      return send(reply, twilioErrors.other(fault.status, fault.code, 'as asked for'));
    const answered = answer(method, path, fields, request.query as Record<string, string>);
    if (fault !== 'lost-answer') return send(reply, answered);
    reply.hijack();
    return undefined;
  }

  function answer(
    method: string,
    path: string,
    fields: Readonly<Record<string, string>>,
    query: Readonly<Record<string, string>>,
  ): Answer {
    const [, resource, sid] = /^(\w+)(?:\/(\w+))?\.json$/.exec(path) ?? [];
    if (resource === 'Calls') {
      if (sid !== undefined) return method === 'POST' ? changeCall(sid, fields) : findCall(sid);
      return method === 'POST' ? createCall(fields) : listCalls();
    }
    if (resource === 'Messages') {
      if (sid === undefined) return method === 'POST' ? createMessage(fields) : listMessages(query);
      const message = messages.find((each) => each.sid === sid);
      return message ? [200, messageJson(message)] : twilioErrors.notFound(path);
    }
    return twilioErrors.notFound(path);
  }

  function findCall(sid: string): Answer {
    const call = phone.findCall(sid);
    return call ? [200, callJson(call, phone.accountSid)] : twilioErrors.notFound(`Calls/${sid}`);
  }

  function changeCall(sid: string, fields: Readonly<Record<string, string>>): Answer {
    const call = phone.findCall(sid);
    if (!call) return twilioErrors.notFound(`Calls/${sid}`);
    const { Status: status, Url: url, Twiml: document } = fields;
    if (status !== undefined && status !== 'completed' && status !== 'canceled') {
      return twilioErrors.other(400, 21_218, `Invalid Status '${status}'`);
    }
    if (url !== undefined && !URL.canParse(url)) {
      return twilioErrors.other(400, 21_205, 'Url is not a valid URL');
    }
    if (document !== undefined && document.length > TWIML_CHARACTERS_MAX) {
      return twilioErrors.other(400, 21_623, 'Twiml is too long');
    }
    let changed: boolean;
    if (status !== undefined) changed = call.change({ status: 'completed' });
    else if (url !== undefined) changed = call.change({ url });
    else if (document !== undefined) changed = call.change({ document });
    else changed = !call.over;
    if (!changed) return twilioErrors.notInProgress;
    return [200, callJson(call, phone.accountSid)];
  }

  function createCall(fields: Readonly<Record<string, string>>): Answer {
    const {
      To: to,
      From: from,
      Url: url,
      Twiml: document,
      StatusCallback: statusCallback,
      AsyncAmdStatusCallback: machineUrl,
    } = fields;
    if (fields['AsyncAmd'] === 'true' && machineUrl === undefined) {
      return twilioErrors.other(400, 21_262, 'AsyncAmdStatusCallback is required');
    }
    if (to === undefined) return twilioErrors.other(400, 21_201, "No 'To' number is specified");
    if (from === undefined) return twilioErrors.other(400, 21_213, "No 'From' number is specified");
    if (url === undefined && document === undefined) {
      return twilioErrors.other(400, 21_205, 'Url parameter is required.');
    }
    const plan = answers?.(to) ?? {};
    const call = phone.placeCall({
      // Nothing relative can be resolved in a document that came with the request.
      voiceUrl: url ?? 'http://127.0.0.1/',
      from,
      to,
      direction: 'outbound-api',
      ...(url === undefined && document !== undefined ? { twiml: document } : {}),
      ...(plan.unanswered && { unanswered: plan.unanswered }),
      ...(machineUrl === undefined || fields['MachineDetection'] === undefined
        ? {}
        : {
            machineCallback: {
              url: machineUrl,
              answeredBy: plan.answeredBy ?? 'human',
              afterMs: plan.afterMs ?? 0,
            },
          }),
      ...(statusCallback === undefined ? {} : { statusCallback }),
    });
    if (plan.says) void say(call, plan.says);
    return [201, callJson(call, phone.accountSid)];
  }

  function say(call: Call, texts: readonly string[]): Promise<void> {
    const steps = texts.map((text) => ({ do: 'say', text }) as const);
    const parts = { heardText: () => undefined, sleep: (ms: number) => phone.clock.sleep(ms) };
    return runScript(parts, call, { steps, stay: true });
  }

  function listCalls(): Answer {
    return [200, { calls: phone.liveCalls.map((call) => callJson(call, phone.accountSid)) }];
  }

  function createMessage(fields: Readonly<Record<string, string>>): Answer {
    const { To: to, From: from = '', Body: body } = fields;
    if (to === undefined)
      return twilioErrors.other(400, 21_604, "A 'To' phone number is required.");
    if (!/^\+[1-9]\d{6,14}$/.test(to)) {
      return twilioErrors.other(400, 21_211, `Invalid 'To' Phone Number: ${to}`);
    }
    if (body === undefined || body === '') {
      return twilioErrors.other(400, 21_602, 'Message body is required.');
    }
    if (body.length > MESSAGE_CHARACTERS_MAX) {
      return twilioErrors.other(
        400,
        21_617,
        'The concatenated message body exceeds 1600 characters.',
      );
    }
    const message: StoredMessage = {
      sid: newSid('SM'),
      accountSid: phone.accountSid,
      from,
      to,
      body,
      createdAt: phone.clock.now(),
    };
    messages.push(message);
    if (messages.length > MESSAGES_MAX) messages.shift();
    return [201, messageJson(message)];
  }

  /** Newest first. Wire: Twilio "Read multiple Message resources", without the filters by date. */
  function listMessages(query: Readonly<Record<string, string>>): Answer {
    const { To: to, From: from, PageSize: size = '50', Page: asked = '0' } = query;
    const [pageSize, page] = [Math.min(1000, Number(size)), Number(asked)];
    if (!(pageSize >= 1) || !(page >= 0))
      return twilioErrors.other(400, 20_001, 'Invalid PageSize');
    const all = messages
      .filter((each) => (to ?? each.to) === each.to && (from ?? each.from) === each.from)
      .toReversed();
    const start = page * pageSize;
    const shown = all.slice(start, start + pageSize);
    const uri = (of: number) => {
      const fields = new URLSearchParams({
        ...query,
        PageSize: String(pageSize),
        Page: String(of),
      });
      return `/2010-04-01/Accounts/${phone.accountSid}/Messages.json?${fields.toString()}`;
    };
    return [
      200,
      {
        messages: shown.map(messageJson),
        page,
        page_size: pageSize,
        start,
        end: Math.max(start, start + shown.length - 1),
        uri: uri(page),
        first_page_uri: uri(0),
        next_page_uri: start + pageSize < all.length ? uri(page + 1) : null,
        previous_page_uri: page > 0 ? uri(page - 1) : null,
      },
    ];
  }

  function authorized(header: string | undefined): boolean {
    const given = header?.replace(/^Basic /i, '') ?? '';
    const right = Buffer.from(`${phone.accountSid}:${phone.authToken}`).toString('base64');
    return timingSafeEqual(digest(given), digest(right));
  }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function send(reply: FastifyReply, [status, body]: Answer): FastifyReply {
  return reply.code(status).type('application/json').send(body);
}
