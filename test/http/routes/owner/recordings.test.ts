// Calls recorded whole: the caller is told first, both sides are where they belong, and the owner plays any part of it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newId } from '../../../../src/lib/ids.ts';
import { parseWav } from '../../../../src/pipeline/audio/wav.ts';
import { finished, greeted } from '../../../support/product/after-call.ts';
import { startTestFrontdesk } from '../../../support/product/frontdesk.ts';
import { ownerToken } from '../../../support/product/owner-token.ts';

/** Where a side is loud, in seconds from the beginning, in steps of 100 ms. */
function loud(file: Uint8Array, channel: number): number[] {
  const { samples } = parseWav(file, { channel });
  const found: number[] = [];
  for (let at = 0; at + 800 <= samples.length; at += 800) {
    const mean =
      samples.subarray(at, at + 800).reduce((sum, each) => sum + Math.abs(each), 0) / 800;
    if (mean > 300) found.push(at / 8000);
  }
  return found;
}

describe('calls that are kept', { concurrency: 2 }, () => {
  test('a call of a client that records is told of, kept in stereo, and played from anywhere', async (t) => {
    const f = await startTestFrontdesk(t);
    const sql = f.database.general;
    await sql`UPDATE clients SET recording_enabled = true WHERE id = ${f.client.id}`;
    const token = await ownerToken(f);
    const call = f.call();
    await call.speaking(20, 60_000);
    await call.quiet(1500, 60_000);
    f.says.push('when do you open');
    f.openai.script('We open at nine in the morning.');
    await call.say(f.voice('when do you open'));
    await call.reply(900, 60_000);
    call.hangUp();
    const { conversation, utterances, summary } = await finished(f, call);
    assert.match(utterances[0]!.content, /^This call is recorded\. /);
    const address = `${f.publicUrl}/api/conversations/${conversation.id}/recording`;
    const get = (headers: Record<string, string> = {}) =>
      fetch(address, { headers: { authorization: `Bearer ${token}`, ...headers } });
    const shown = await fetch(address.replace('/recording', ''), {
      headers: { authorization: `Bearer ${token}` },
    });
    const {
      direction,
      recording_started_at: from,
      recorded_until: until,
    } = (await shown.json()) as Record<string, string>;
    assert.equal(direction, 'inbound');
    assert.ok(
      Math.abs(Date.parse(until!) - Date.parse(from!) - 30 * 86_400_000) < 5000,
      String(until),
    );
    const whole = await get();
    assert.equal(whole.status, 200);
    assert.equal(whole.headers.get('content-type'), 'audio/wav');
    const file = new Uint8Array(await whole.arrayBuffer());
    assert.equal(file.length, Number(whole.headers.get('content-length')));
    const seconds = parseWav(file).samples.length / 8000;
    // From the end of the greeting to the end of the call.
    const connected = summary.connectedMs / 1000;
    const greetedMs = call.history.find(({ type }) => type === 'agent-quiet')!.atMs;
    const greetedAt = (greetedMs - call.line!.startedMs!) / 1000;
    assert.ok(
      Math.abs(seconds - (connected - greetedAt)) < 1.5,
      `${seconds} s of ${connected} s, greeted at ${greetedAt}`,
    );
    const caller = loud(file, 0);
    // The greeting's last moment may be in it.
    const ours = loud(file, 1).filter((at) => at > 0.5);
    assert.ok(caller.length >= 5, `the caller is heard: ${caller.join()}`);
    assert.ok(ours.length >= 5, `we are heard: ${ours.join()}`);
    assert.ok(ours[0]! > caller[0]!, 'the answer comes after the question');
    const responseMs = summary.times.responses[0]!.responseMs;
    const waited = ours[0]! - (caller.at(-1)! + 0.1);
    assert.ok(
      Math.abs(waited * 1000 - responseMs) < 300,
      `${waited} s between them, ${responseMs} ms on the line`,
    );

    const part = await get({ range: 'bytes=100-299' });
    assert.deepEqual(
      [part.status, part.headers.get('content-range')],
      [206, `bytes 100-299/${file.length}`],
    );
    assert.deepEqual(new Uint8Array(await part.arrayBuffer()), file.slice(100, 300));
    const beyond = await get({ range: `bytes=${file.length}-` });
    assert.deepEqual(
      [beyond.status, beyond.headers.get('content-range')],
      [416, `bytes */${file.length}`],
    );
    assert.equal((await fetch(address)).status, 401);
    const stranger = await ownerToken(f, (await f.addClient()).id);
    const asked = async (id: string, headers = {}) => {
      const url = address.replace(conversation.id, id);
      const answer = await fetch(url, {
        headers: { authorization: `Bearer ${stranger}`, ...headers },
      });
      return [answer.status, await answer.text()];
    };
    const nobodys = await asked(newId(0));
    assert.equal(nobodys[0], 404);
    assert.deepEqual(await asked(conversation.id), nobodys, "as unknown as nobody's");
    assert.deepEqual(await asked(conversation.id, { range: 'bytes=0-99' }), nobodys);

    const removed = await fetch(address.replace('/recording', ''), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(removed.status, 200);
    assert.equal((await get()).status, 404);
  });

  test('who did not hear the notice is not recorded, and where nothing is recorded nothing is kept', async (t) => {
    const f = await startTestFrontdesk(t);
    const sql = f.database.general;
    const notice =
      'Before we begin you should know that all of this call is going to be recorded by us';
    await sql`UPDATE clients SET recording_enabled = true, recording_notice = ${notice} WHERE id = ${f.client.id}`;
    const other = await f.addClient();
    const [rude, plain] = [f.call(), f.call({ to: other.number })];
    await rude.speaking(300, 60_000);
    rude.hangUp();
    await greeted(plain);
    plain.hangUp();
    const { conversation } = await finished(f, rude);
    await finished(f, plain);
    assert.deepEqual(conversation.flags, ['recording_notice_unheard']);
    const [{ kept }] = await sql<[{ kept: number }]>`SELECT count(*)::int AS kept FROM recordings`;
    assert.equal(kept, 0);
  });
});
