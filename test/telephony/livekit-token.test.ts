// What a room's token says: this room, ten minutes, and nothing more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenVerifier } from 'livekit-server-sdk';
import { signRoomToken } from '../../src/telephony/livekit-token.ts';

const config = { url: 'ws://localhost:7880', apiKey: 'key', apiSecret: 's'.repeat(32) };

test('the grant is for one room and ten minutes', async () => {
  const token = await signRoomToken(config, { room: 'r-1', identity: 'ann', name: 'Ann' });
  const claims = await new TokenVerifier(config.apiKey, config.apiSecret).verify(token);
  assert.deepEqual(
    { ...claims.video },
    { roomJoin: true, room: 'r-1', canPublish: true, canSubscribe: true, canPublishData: true },
  );
  assert.deepEqual([claims.sub, claims['name'], claims.iss], ['ann', 'Ann', 'key']);
  const seconds = claims.exp! - claims.nbf!;
  assert.ok(seconds > 590 && seconds <= 610, `${seconds} s`);
  await assert.rejects(new TokenVerifier('key', 'x'.repeat(32)).verify(token));
});
