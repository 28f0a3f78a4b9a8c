// Whole recordings at Deepgram: what is asked, what is read from the answer, and what its failures mean.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { quietLog } from '../../../src/lib/log.ts';
import { transcribeFile } from '../../../src/pipeline/stt/deepgram-file.ts';

interface Asked {
  readonly url: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

async function start(
  t: { after(act: () => Promise<void>): void },
  answer: { status: number; body: string; location?: string } | 'cut',
) {
  const asked: Asked[] = [];
  const http = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { authorization, 'content-type': type } = request.headers;
      asked.push({ url: request.url ?? '', type, authorization, body: Buffer.concat(pieces) });
      if (answer === 'cut') response.destroy();
      else {
        const { status, body, location } = answer;
        response.writeHead(status, location === undefined ? {} : { location }).end(body);
      }
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const hear = (language?: string, signal = new AbortController().signal) =>
    transcribeFile(
      { url, key: 'secret', model: 'nova-3', voice: '' },
      { clock: systemClock, log: quietLog },
      { bytes: Buffer.from('sound'), contentType: 'audio/ogg' },
      { language, signal },
    );
  return { url, asked, hear };
}

const answered = (detected?: string) => ({
  status: 200,
  body: JSON.stringify({
    metadata: { duration: 1.5 },
    results: {
      channels: [
        {
          alternatives: [{ transcript: 'Hola.' }],
          ...(detected && { detected_language: detected }),
        },
      ],
    },
  }),
});

test('the file goes out as it is; the language is asked for or detected', async (t) => {
  const { asked, hear } = await start(t, answered('es-419'));
  assert.deepEqual(await hear(), { text: 'Hola.', language: 'es', durationMs: 1500 });
  assert.deepEqual(await hear('pt'), { text: 'Hola.', language: 'pt', durationMs: 1500 });
  const [first, second] = asked;
  assert.deepEqual(
    [first!.url, first!.type, first!.authorization, first!.body.toString()],
    [
      '/v1/listen?model=nova-3&smart_format=true&detect_language=true',
      'audio/ogg',
      'Token secret',
      'sound',
    ],
  );
  assert.equal(second!.url, '/v1/listen?model=nova-3&smart_format=true&language=pt');
});

test('a file that cannot be read is the sender’s fault, everything else is not', async (t) => {
  const cases: [answer: { status: number; body: string } | 'cut', code: string][] = [
    [{ status: 400, body: '{"err_msg":"corrupt"}' }, 'invalid'],
    [{ status: 415, body: '' }, 'invalid'],
    [{ status: 401, body: '' }, 'vendor_failed'],
    [{ status: 402, body: '' }, 'vendor_failed'],
    [{ status: 429, body: '' }, 'vendor_failed'],
    [{ status: 500, body: '<html>' }, 'vendor_failed'],
    [{ status: 200, body: 'no json' }, 'vendor_failed'],
    [{ status: 200, body: '{"results":{"channels":[]}}' }, 'vendor_failed'],
    [{ status: 200, body: `"${'x'.repeat(9_000_000)}"` }, 'vendor_failed'],
    // What is paid for must be a length.
    ...[-3, 1e308].map((duration): [{ status: number; body: string }, string] => [
      { status: 200, body: answered().body.replace('1.5', String(duration)) },
      'vendor_failed',
    ]),
    ['cut', 'vendor_failed'],
  ];
  for (const [answer, code] of cases) {
    const { hear } = await start(t, answer);
    await assert.rejects(hear(), { code }, JSON.stringify(answer).slice(0, 60));
  }
});

test('its words are told without the key', async (t) => {
  const { hear } = await start(t, { status: 403, body: 'no such key: secret' });
  await assert.rejects(hear(), { message: 'deepgram: 403 no such key: [key]' });
});

test('what callers say goes to no other server that it names', async (t) => {
  const other = await start(t, answered());
  const { hear } = await start(t, { status: 307, body: '', location: other.url });
  await assert.rejects(hear(), /deepgram: 307/);
  assert.deepEqual(other.asked, []);
});

test('an abort ends it with its reason', async (t) => {
  const { hear } = await start(t, answered());
  const abort = new AbortController();
  abort.abort(new Error('nobody waits'));
  await assert.rejects(hear('en', abort.signal), { message: 'nobody waits' });
});
