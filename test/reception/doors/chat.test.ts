// A chat is taken for one message: long enough to hear it and to answer it, whatever that takes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { newId } from '../../../src/lib/ids.ts';
import { quietLog } from '../../../src/lib/log.ts';
import type { LanguageModel } from '../../../src/pipeline/types.ts';
import { Chats } from '../../../src/reception/doors/chat.ts';
import { Settings } from '../../../src/reception/settings.ts';
import { saveUser } from '../../../src/store/accounts/users.ts';
import { testDatabase } from '../../support/database/database.ts';

/** What hearing a recording, an answer and a tool that it begins at its end may take together, in seconds. */
const HEARD = 65;
const ANSWERED = 30 + 20;

test('nobody else gets a chat while its message may still be heard and answered', async (t) => {
  const { database } = await testDatabase(t);
  const sql = database.general;
  const clock = systemClock;
  const userId = await saveUser(sql, {
    id: newId(clock.now()),
    email: 'user@example.com',
    name: 'User',
    role: 'user',
  });
  const model = {
    async *generate() {
      takenSeconds.push(await taken());
      yield { type: 'text', text: 'Hello.' };
      yield { type: 'end', finish: 'stop', usage: undefined };
    },
    [Symbol.dispose]() {},
  } as LanguageModel & Disposable;
  const { signal } = new AbortController();
  using chats = new Chats({
    sql,
    clock,
    log: quietLog,
    settings: new Settings({ sql, clock }),
    commands: { before: (each) => each },
    metrics: { turn() {} },
    door: { openThinking: () => Promise.resolve(model) },
    openDesk: () => Promise.resolve({ tools: [], dates: undefined, knowledge: undefined }),
    signal,
  });
  const takenSeconds: number[] = [];
  const taken = async () => {
    const [row] = await sql<[{ seconds: number }]>`
      SELECT extract(epoch FROM busy_until - clock_timestamp())::float8 AS seconds FROM conversations`;
    return row.seconds;
  };
  const say = (text: string | (() => Promise<string>), conversationId?: string) =>
    chats.answer({ userId, seesAll: false, text, conversationId, clientId: undefined });

  const { conversationId } = await say('hello');
  assert.ok(takenSeconds[0]! > ANSWERED, `${takenSeconds[0]} s`);
  await say(async () => {
    takenSeconds.push(await taken());
    return 'hello again';
  }, conversationId);
  assert.ok(takenSeconds[1]! > HEARD + ANSWERED, `${takenSeconds[1]} s`);
});
