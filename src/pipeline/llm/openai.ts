// OpenAI's chat completions, streamed, and every server that speaks the same: OpenRouter, Ollama, vLLM, llama.cpp.
// https://platform.openai.com/docs/api-reference/chat/create

import OpenAI, { APIConnectionError, APIError } from 'openai';
import { orAborted, Scope } from '../../lib/abort.ts';
import { within } from '../../lib/clock.ts';
import type { Clock } from '../../lib/clock.ts';
import { AppError, toError } from '../../lib/errors.ts';
import { keptConnections } from '../../lib/keep-alive.ts';
import { retry, retryAfterMs } from '../../lib/retry.ts';
import { told } from '../../lib/told.ts';
import type {
  LanguageModel,
  ModelEvent,
  ModelRequest,
  ModelUsage,
  Vendor,
  VendorParts,
  VendorSettings,
} from '../types.ts';
import { readOut } from '../http-vendor.ts';
import { readUsage } from '../model-usage.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { chatMessages, chatTools } from './chat-messages.ts';
import { ToolCallPieces } from './tool-call-pieces.ts';

const OPEN_MS = 3000;
/** From the request to the first token, tries included, and from token to token. */
const SILENT_MS_MAX = 4000;
/** The token counts come after everything else: nobody waits long for them. */
const USAGE_MS = 500;
/** Until the answer's head has come. */
const HEAD_MS = 4000;
/** A second try, where the first may have been bad luck; no longer wait than the vendor asks for. */
const TRY_AGAIN = { attempts: 2, waitMs: 200, waitMsMax: 400 };
const RETRY_AFTER_MS_MAX = 2000;

type Chunk = OpenAI.ChatCompletionChunk;
type ModelFinish = Extract<ModelEvent, { type: 'end' }>['finish'];

export const vendor: Vendor<LanguageModel> = { keyName: 'OPENAI_API_KEY', open };

async function open(
  settings: VendorSettings,
  { clock }: VendorParts,
  callSignal: AbortSignal,
): Promise<LanguageModel & Disposable> {
  const dispatcher = keptConnections();
  const model = modelName(settings);
  // Everything that the package would take from the environment is said here, so that nothing stray has a say.
  const client = new OpenAI({
    apiKey: settings.key,
    baseURL: settings.url,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    timeout: HEAD_MS,
    maxRetries: 0,
    fetch: boundedFetch,
    // Deno takes no dispatcher, and keeps its connections anyway. Not followed: what callers say is for this server, and
    // not for whom it names.
    fetchOptions: { dispatcher, redirect: 'manual' } as object,
  });
  await reach();
  return { generate, [Symbol.dispose]: () => {} };

  /** Any answer will do: what counts is that a connection is up, and kept, before the first turn. */
  async function reach(): Promise<void> {
    using scope = new Scope(callSignal);
    // Not HEAD, after which undici closes the connection.
    const request = { method: 'OPTIONS', dispatcher, signal: scope.signal } as object;
    const late = () => new Error(`no answer in ${OPEN_MS} ms`);
    try {
      await within(
        clock,
        OPEN_MS,
        fetch(settings.url, request).then(({ body }) => readOut(body)),
        late,
      );
    } catch (error) {
      callSignal.throwIfAborted();
      throw vendorFailed(error);
    } finally {
      scope.abort(new Error('reached'));
    }
  }

  async function* generate(request: ModelRequest): AsyncGenerator<ModelEvent> {
    using scope = new Scope(request.signal);
    const watch = new Watch(clock, scope.signal);
    const calls = new ToolCallPieces();
    let usage: ModelUsage | undefined;
    let finish: string | undefined;
    try {
      const chunks = await watch.wait(SILENT_MS_MAX, () => ask(request, scope.signal));
      while (true) {
        const limitMs = finish === undefined ? SILENT_MS_MAX : USAGE_MS;
        const step = await watch.wait(limitMs, () => chunks.next());
        // An aborted stream ends quietly.
        scope.signal.throwIfAborted();
        if (step.done) break;
        const { text, pieces, reason } = partsOf(step.value);
        usage = usageOf(step.value) ?? usage;
        for (const piece of pieces) calls.add(piece);
        // A chunk that brings nothing must not look like progress.
        if (text !== '' || pieces.length > 0) watch.progress();
        if (text !== '') yield { type: 'text', text };
        if (reason === undefined || finish !== undefined) continue;
        finish = reason;
        watch.progress();
        for (const call of calls.whole()) yield { type: 'tool-call', call };
      }
    } catch (error) {
      request.signal.throwIfAborted();
      if (!watch.late || finish === undefined) throw vendorFailed(error);
    } finally {
      // Closes the connection where more would come.
      scope.abort(new Error('the answer is over'));
    }
    yield { type: 'end', finish: finishOf(finish, calls.size), usage };
  }

  function ask(request: ModelRequest, signal: AbortSignal): Promise<AsyncIterator<Chunk>> {
    const tools = chatTools(request.tools);
    const body = {
      model,
      messages: chatMessages(request.messages),
      // Servers refuse an empty list.
      ...(tools.length > 0 ? { tools } : {}),
      stream: true,
      stream_options: { include_usage: true },
    } as const;
    return retry(clock, { ...TRY_AGAIN, retryable, waitMsAsked, signal }, async () => {
      const stream = await client.chat.completions.create(body, { signal });
      return stream[Symbol.asyncIterator]();
    });
  }

  function vendorFailed(error: unknown): AppError {
    if (error instanceof AppError) return error;
    const { message } = toError(error);
    return new AppError('vendor_failed', `openai: ${told(message, settings.key)}`, {
      upstream: { status: statusOf(error), retryAfterMs: waitMsAsked(error) },
    });
  }

  function finishOf(finish: string | undefined, calls: number): ModelFinish {
    // Some servers say `stop` after tool calls.
    if (calls > 0 && finish !== undefined && finish !== 'length') return 'tool-calls';
    switch (finish) {
      case undefined:
        throw vendorFailed(new Error('the answer ended without saying why'));
      case 'error':
        throw vendorFailed(new Error('the answer broke off'));
      case 'length':
        return 'length';
      case 'content_filter':
        return 'filtered';
      default:
        return 'stop';
    }
  }
}

/** OpenAI itself knows no provider in a model's name; routers in front of it do. */
function modelName({ url, model }: VendorSettings): string {
  const { hostname } = new URL(url);
  return hostname.endsWith('api.openai.com') ? model.replace(/^openai\//, '') : model;
}

function retryable(error: unknown): boolean {
  if (error instanceof APIConnectionError) return true;
  const status = statusOf(error);
  if (status === undefined || (status !== 408 && status !== 429 && status < 500)) return false;
  return (waitMsAsked(error) ?? 0) <= RETRY_AFTER_MS_MAX;
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof APIError)) return undefined;
  const status: unknown = error.status;
  return typeof status === 'number' ? status : undefined;
}

function waitMsAsked(error: unknown): number | undefined {
  return error instanceof APIError ? retryAfterMs(error.headers?.get('retry-after')) : undefined;
}

/** What a chunk brings, whatever the server has put into it. */
function partsOf(chunk: Chunk): { text: string; pieces: readonly unknown[]; reason?: string } {
  const choice: Partial<OpenAI.ChatCompletionChunk.Choice> = chunk.choices?.[0] ?? {};
  const { content, tool_calls: pieces }: Partial<OpenAI.ChatCompletionChunk.Choice.Delta> =
    choice.delta ?? {};
  const reason = choice.finish_reason;
  return {
    text: typeof content === 'string' ? content : '',
    pieces: Array.isArray(pieces) ? pieces : [],
    ...(typeof reason === 'string' ? { reason } : {}),
  };
}

function usageOf({ usage }: Chunk): ModelUsage | undefined {
  return readUsage(usage?.prompt_tokens, usage?.completion_tokens);
}

/** Counts the time we wait without progress; the time our reader takes does not count. */
class Watch {
  late = false;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #waitedMs = 0;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  progress(): void {
    this.#waitedMs = 0;
  }

  /** What `act` gives, if it comes before `limitMs` without progress are over. */
  async wait<T>(limitMs: number, act: () => Promise<T>): Promise<T> {
    const since = this.#clock.elapsed();
    const late = () => {
      this.late = true;
      const upstream = { stalled: true };
      return new AppError('vendor_failed', `openai: nothing for ${limitMs} ms`, { upstream });
    };
    const leftMs = Math.max(0, limitMs - this.#waitedMs);
    const given = await within(this.#clock, leftMs, orAborted(act(), this.#signal), late);
    this.#waitedMs += this.#clock.elapsed() - since;
    return given;
  }
}
