// A recording whose disk fails ends there: what was written is kept, and the file is closed.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { quietLog } from '../../src/lib/log.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { openShelf } from '../../src/recording/shelf.ts';
import type { Shelf } from '../../src/recording/shelf.ts';
import { listRecordings } from '../../src/store/calls/recordings.ts';
import { bookingClient, conversationOf } from '../support/bookings/booking-client.ts';
import { testDatabase } from '../support/database/database.ts';
import { until } from '../support/until.ts';

/** Frames that are written at once: a second. */
const SECOND = 50;

test('a disk that is full ends a recording, which is heard up to there', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clientId = await bookingClient(sql);
  const callId = await conversationOf(sql, clientId);
  const folder = mkdtempSync(path.join(tmpdir(), 'frontdesk-recorder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const disk = openShelf(folder, undefined);
  let writes = 0;
  let closed = 0;
  const shelf: Shelf = {
    ...disk,
    async create(id) {
      const file = await disk.create(id);
      return {
        async write(bytes) {
          writes += 1;
          if (writes > 1) throw new Error('ENOSPC: no space left on device, write');
          await file.write(bytes);
        },
        async close() {
          closed += 1;
          await file.close();
        },
      };
    },
  };
  const call = { callId, clientId, sampleRate: 8000, keepDays: 1 };
  const recorder = new Recorder({ sql, clock: systemClock, log: quietLog, shelf }, call, 0);
  recorder.begin();
  const talk = () => {
    for (let frame = 0; frame < SECOND; frame += 1) recorder.frame(new Int16Array(160), 0);
  };
  talk();
  talk();
  await until('the second write has failed', () => writes === 2);
  talk();
  await recorder.end();
  assert.deepEqual([writes, closed], [2, 1]);
  const kept = await listRecordings(sql, { ownerId: undefined }, callId);
  assert.deepEqual(
    kept.map(({ bytes }) => bytes),
    [SECOND * 320],
  );
});
