// The bucket's protocol: a signature from its documentation, and files there and back against a server that checks it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { openBucket, signS3 } from '../../src/recording/s3.ts';

const keys = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

test("the example of the vendor's documentation is signed as it says", () => {
  const { authorization } = signS3(
    { ...keys, region: 'us-east-1' },
    {
      method: 'GET',
      url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
      headers: { range: 'bytes=0-9' },
      payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      nowMs: Date.parse('2013-05-24T00:00:00Z'),
    },
  );
  assert.equal(
    authorization,
    'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  );
});

test('a file is put, read in part and removed; refusals are failures of the vendor', async (t) => {
  const objects = new Map<string, Buffer>();
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push(`${method} ${url}`);
      const [, scope, names] =
        /Credential=[^/]+\/([^,]+),SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
      const signed = Object.fromEntries(
        names!.split(';').map((name) => [name, String(headers[name])]),
      );
      const { host, 'x-amz-content-sha256': payloadHash, 'x-amz-date': date, ...rest } = signed;
      const nowMs = Date.parse(
        date!.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'),
      );
      const again = signS3(
        { ...keys, region: scope!.split('/')[1]! },
        {
          method,
          url: new URL(`http://${host}${url}`),
          headers: rest,
          payloadHash: payloadHash!,
          nowMs,
        },
      );
      if (again['authorization'] !== headers.authorization) return response.writeHead(403).end();
      if (method === 'PUT') objects.set(url, Buffer.concat(pieces));
      if (method === 'DELETE') objects.delete(url);
      const object = objects.get(url);
      if (method !== 'GET') return response.writeHead(method === 'DELETE' ? 204 : 200).end();
      if (!object) return response.writeHead(404).end();
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '')!;
      return response.writeHead(206).end(object.subarray(Number(from), Number(to) + 1));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-s3-'));
  t.after(async () => {
    rmSync(folder, { recursive: true });
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { ...keys, endpoint, bucket: 'calls', region: 'eu-central-1' };
  const bucket = openBucket(settings, systemClock);
  const file = path.join(folder, 'a');
  const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
  writeFileSync(file, content);
  await bucket.put('one', file, content.length);
  const part = await Array.fromAsync(await bucket.read('one', 1000, 60_000));
  assert.deepEqual(Buffer.concat(part), content.subarray(1000, 60_000));
  await bucket.remove('one');
  await bucket.remove('one');
  await assert.rejects(bucket.read('one', 0, 1), { code: 'vendor_failed' });
  assert.deepEqual(new Set(seen.map((each) => each.split(' ')[1])), new Set(['/calls/one']));
  const wrong = openBucket({ ...settings, secretAccessKey: 'x' }, systemClock);
  await assert.rejects(wrong.put('two', file, content.length), { code: 'vendor_failed' });
  const away = openBucket({ ...settings, endpoint: 'http://127.0.0.1:9' }, systemClock);
  await assert.rejects(away.remove('one'), { code: 'vendor_failed' });
});
