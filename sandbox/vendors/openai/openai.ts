// OpenAI's chat completions as a stand-in: the rule-based receptionist, or a script, behind the real protocol.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../../src/lib/clock.ts';
import type { Clock } from '../../../src/lib/clock.ts';
import { spoil } from '../../faults.ts';
import type { FaultScript } from '../../faults.ts';
import { ownToolReply } from '../../receptionist/own-tools.ts';
import { reply } from '../../receptionist/reply.ts';
import type { ChatMessage } from '../../receptionist/dialogue.ts';
import type { Reply } from '../../receptionist/reply.ts';
import { REVIEW_TOOL, reviewReply } from '../../receptionist/review.ts';
import type { Hearing } from '../../speech/hearing.ts';
import type { Speaker } from '../../speech/speaking.ts';
import { startStandIn } from '../../stand-in-server.ts';
import { ChatScript } from './chat-script.ts';
import { converse } from './openai-realtime.ts';
import { speakOpenai, transcribeOpenai } from './openai-audio.ts';
import type { Exchange, Refusal, StandIn, StandInOptions } from '../../stand-in-server.ts';

/** Requests kept for tests to look at. */
const REQUESTS_MAX = 1000;

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly {
    readonly function: {
      readonly name: string;
      readonly description?: string;
      readonly parameters?: object;
    };
  }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

/** What the model says to one request: words, tool calls, or lines of the event stream as they are. */
export type ScriptedAnswer =
  | string
  | Reply
  /** Sent as they are after `data: `; `[DONE]` only if it is among them. The stream is cut at the end. */
  | { readonly raw: readonly string[] };

/** One answer for each request, but those that only ask again with more of the caller's words; a function sees the request. */
export type Answers = (ScriptedAnswer | ((request: ChatRequest) => ScriptedAnswer))[];

export interface OpenaiOptions extends StandInOptions {
  /** Answers to give first, in order; then the receptionist answers. */
  readonly answers?: Answers;
  /** Always this one: cheap enough for hundreds of calls. */
  readonly always?: string;
  /** Before the first token: 150. */
  readonly firstTokenMs?: number;
  /** Between tokens: 15. At 0 they all come at once. */
  readonly tokenMs?: number;
  /** What speaks and hears for its voices and its transcription; without them it has none. */
  readonly speaker?: Speaker;
  readonly hearing?: Hearing;
}

export interface OpenaiStandIn extends StandIn {
  readonly requests: readonly ChatRequest[];
  /** Those that ask for the review of a call that is over: they have answers of their own. */
  readonly reviewRequests: readonly ChatRequest[];
  /** Reviews to give before the receptionist's. */
  scriptReviews(...answers: Answers): void;
  /** More answers to give before the receptionist's. */
  script(...answers: Answers): void;
}

/** `url` ends with `/v1`, as the base URL of a client wants it. Wire: OpenAI "Create chat completion", streaming. */
export async function startOpenai(options: OpenaiOptions): Promise<OpenaiStandIn> {
  const { key, firstTokenMs = 150, tokenMs = 15, always, speaker, hearing } = options;
  const answers = new ChatScript(options.answers);
  const reviews = new ChatScript();
  const requests: ChatRequest[] = [];
  const reviewRequests: ChatRequest[] = [];
  let completions = 0;

  const standIn = await startStandIn({
    ...options,
    refuse: (request) => refuse(request, key),
    refusal: (status) => refusal(status, 'a fault by script', 'server_error'),
    connect(session, url) {
      if (url.pathname !== '/v1/realtime' || !speaker || !hearing) {
        return session.close(1008, 'not found');
      }
      const clock = options.clock ?? systemClock;
      const answer = (messages: readonly ChatMessage[], tools: readonly string[]) => {
        const scripted = answerTo({
          model: url.searchParams.get('model') ?? '',
          messages,
          tools: tools.map((name) => ({ function: { name } })),
        });
        if (typeof scripted === 'string') return words(scripted);
        return 'raw' in scripted ? words(scripted.raw.join(' ')) : scripted;
      };
      return converse({ session, clock, hearing, speaker, firstMs: firstTokenMs, answer });
    },
    respond(exchange) {
      const { request, url } = exchange;
      if (request.method === 'POST' && url.pathname === '/v1/chat/completions')
        return chat(exchange);
      if (request.method === 'GET' && url.pathname === '/v1/models') return models(exchange);
      if (request.method !== 'POST') return undefined;
      if (speaker && url.pathname === '/v1/audio/speech') {
        return speakOpenai(exchange, speaker, refusal);
      }
      if (hearing && url.pathname === '/v1/audio/transcriptions') {
        return transcribeOpenai(exchange, hearing, refusal);
      }
      return undefined;
    },
  });
  return {
    ...standIn,
    url: `${standIn.url}/v1`,
    requests,
    reviewRequests,
    scriptReviews: (...more) => reviews.add(...more),
    script: (...more) => answers.add(...more),
  };

  async function models({ response }: Exchange): Promise<void> {
    const ids = ['receptionist', 'openai/gpt-4o-mini', 'gpt-4o-mini'];
    const data = ids.map((id) => ({ id, object: 'model', created: 0, owned_by: 'sandbox' }));
    json(response, { object: 'list', data });
  }

  async function chat({ body, answer, response, clock, faults }: Exchange): Promise<void> {
    const request = parse(await body());
    const fault = request && faultOf(request);
    if (!request || fault) {
      return answer(refusal(400, fault ?? 'We could not parse the JSON body of your request.'));
    }
    const about = request.tools?.some((tool) => tool.function.name === REVIEW_TOOL)
      ? reviewRequests
      : requests;
    about.push(request);
    if (about.length > REQUESTS_MAX) about.shift();
    completions += 1;
    const id = `chatcmpl-${completions}`;
    const said = answerTo(request);
    if (request.stream !== true) {
      await clock.sleep(firstTokenMs);
      return json(response, completion(id, request, said));
    }
    const stream = new EventStream(response, clock, faults);
    await clock.sleep(firstTokenMs);
    if (typeof said !== 'string' && 'raw' in said) {
      for (const line of said.raw) await stream.send(line);
      response.socket?.destroy();
      return undefined;
    }
    await streamReply(stream, id, request, typeof said === 'string' ? words(said) : said, clock);
    return undefined;
  }

  function answerTo(request: ChatRequest): ScriptedAnswer {
    const review = request.tools?.find((tool) => tool.function.name === REVIEW_TOOL);
    const scripted = (review ? reviews : answers).answer(request);
    if (scripted !== undefined) return scripted;
    if (review) return reviewReply(request.messages, review.function.parameters ?? {});
    if (always !== undefined) return always;
    const tools = (request.tools ?? []).map((tool) => tool.function);
    const own = ownToolReply(request.messages, tools);
    return (
      own ??
      reply(
        request.messages,
        tools.map(({ name }) => name),
      )
    );
  }

  async function streamReply(
    stream: EventStream,
    id: string,
    request: ChatRequest,
    { text, calls }: Reply,
    clock: Clock,
  ): Promise<void> {
    const chunk = (delta: object, finish: string | null = null) =>
      stream.send({
        ...head(id, request, 'chat.completion.chunk'),
        choices: [{ index: 0, delta, finish_reason: finish }],
      });
    await chunk({ role: 'assistant', content: '' });
    const tokens = text.match(/\s*\S+/g) ?? [];
    for (const token of tokenMs === 0 && text !== '' ? [text] : tokens) {
      if (stream.over) return;
      await chunk({ content: token });
      if (tokenMs > 0) await clock.sleep(tokenMs);
    }
    for (const [index, call] of calls.entries()) {
      const args = JSON.stringify(call.arguments);
      const half = Math.ceil(args.length / 2);
      const first = { name: call.name, arguments: '' };
      const callId = `call_${id}_${index}`;
      await chunk({ tool_calls: [{ index, id: callId, type: 'function', function: first }] });
      for (const part of [args.slice(0, half), args.slice(half)]) {
        await chunk({ tool_calls: [{ index, function: { arguments: part } }] });
      }
    }
    await chunk({}, calls.length > 0 ? 'tool_calls' : 'stop');
    if (request.stream_options?.include_usage === true) {
      const usage = usageOf(request, text);
      await stream.send({ ...head(id, request, 'chat.completion.chunk'), choices: [], usage });
    }
    await stream.send('[DONE]');
    stream.end();
  }
}

/** Server-sent events with the script's faults applied to each. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #faults: FaultScript;
  #stalled = false;
  /** Faults that have struck. */
  #struck = 0;
  #slowMs = 0;

  constructor(response: ServerResponse, clock: Clock, faults: FaultScript) {
    this.#response = response;
    this.#clock = clock;
    this.#faults = faults;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.flushHeaders();
  }

  /** The client has gone, or nothing more will be sent. */
  get over(): boolean {
    return this.#stalled || this.#response.destroyed;
  }

  async send(event: object | string): Promise<void> {
    if (this.over) return;
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    let texts = [text];
    const fault = this.#faults.next('message', text);
    if (fault) {
      if (fault.do === 'slow') this.#slowMs = fault.afterMs ?? 0;
      else await this.#clock.sleep(fault.afterMs ?? 0);
      if (fault.do === 'stall') this.#stalled = true;
      if (fault.do === 'drop' || fault.do === 'stall') return;
      this.#struck += 1;
      texts = spoil(fault.do, text, this.#struck);
      if (fault.do.startsWith('close') || fault.do === 'reset') {
        this.#response.destroy();
        return;
      }
    }
    if (this.#slowMs > 0) await this.#clock.sleep(this.#slowMs);
    for (const each of texts) this.#response.write(`data: ${each}\n\n`);
  }

  end(): void {
    if (!this.over) this.#response.end();
  }
}

function head(id: string, { model }: ChatRequest, object: string): object {
  return { id, object, created: 1_700_000_000, model };
}

function completion(id: string, request: ChatRequest, said: ScriptedAnswer): object {
  const { text, calls } =
    typeof said === 'string' ? words(said) : 'raw' in said ? words(said.raw.join('')) : said;
  const toolCalls = calls.map((call, index) => ({
    id: `call_${id}_${index}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));
  const message = {
    role: 'assistant',
    content: text === '' ? null : text,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
  const finish = toolCalls.length > 0 ? 'tool_calls' : 'stop';
  return {
    ...head(id, request, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: finish }],
    usage: usageOf(request, text),
  };
}

/** Some four characters make a token. */
function usageOf({ messages }: ChatRequest, text: string): object {
  const characters = messages.reduce((sum, each) => sum + (each.content?.length ?? 0), 0);
  const prompt = Math.ceil(characters / 4);
  const completionTokens = Math.ceil(text.length / 4) + 1;
  return {
    prompt_tokens: prompt,
    completion_tokens: completionTokens,
    total_tokens: prompt + completionTokens,
  };
}

function words(text: string): Reply {
  return { text, calls: [] };
}

function refuse(request: IncomingMessage, key: string): Refusal | undefined {
  if (request.headers.authorization === `Bearer ${key}`) return undefined;
  return refusal(401, 'Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key');
}

function refusal(
  status: number,
  message: string,
  type = 'invalid_request_error',
  code: string | null = null,
): Refusal {
  return { status, body: { error: { message, type, param: null, code } } };
}

function parse(body: string): ChatRequest | undefined {
  try {
    const request = JSON.parse(body) as ChatRequest;
    return Array.isArray(request.messages) ? request : undefined;
  } catch {
    return undefined;
  }
}

/** What the real server refuses in a conversation: a tool call without its answer, an answer without its call. */
function faultOf({ messages }: ChatRequest): string | undefined {
  const open = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id ?? '')) continue;
      return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'.";
    }
    if (open.size > 0)
      return 'An assistant message with tool_calls must be followed by tool messages.';
    for (const call of message.tool_calls ?? []) open.add(call.id);
  }
  return open.size > 0
    ? 'An assistant message with tool_calls must be followed by tool messages.'
    : undefined;
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
