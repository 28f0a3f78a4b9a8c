// A fetch whose answers cannot fill the memory: the package that reads them keeps a line, and what it was refused with, whole.

/** Without the end of a line. An event of a stream is some hundred bytes. */
const LINE_BYTES_MAX = 1024 * 1024;
/** Of an answer that is none. */
const REFUSAL_BYTES_MAX = 64 * 1024;
const LINE_FEED = 10;

/** As `fetch`; the body of its answer fails where it is too long, also after it has been unpacked. */
export async function boundedFetch(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, init);
  const { ok, body, status, headers } = response;
  if (!body) return response;
  return new Response(ReadableStream.from(ok ? lines(body) : beginning(body)), { status, headers });
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held = 0;
  for await (const chunk of body) {
    const end = chunk.lastIndexOf(LINE_FEED);
    held = end < 0 ? held + chunk.length : chunk.length - end - 1;
    if (held > LINE_BYTES_MAX) throw new Error('the answer has a line without end');
    yield chunk;
  }
}

async function* beginning(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    yield chunk.subarray(0, REFUSAL_BYTES_MAX - bytes);
    bytes += chunk.length;
    if (bytes >= REFUSAL_BYTES_MAX) return;
  }
}
