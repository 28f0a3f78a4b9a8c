// Stored speech that could not be made when it was due: tried again until it is there, and the owner is told when that takes long.

import type { Clock } from '../../lib/clock.ts';
import { toError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { claimDueClips, settleClips } from '../../store/clients/clips-due.ts';
import { findClient } from '../../store/clients/clients.ts';
import type { Client } from '../../store/clients/clients.ts';
import { notifyOwner } from '../../store/clients/notices.ts';
import type { Sql } from '../../store/database/sql.ts';
import type { VoiceClips } from './voice-clips.ts';

/** How often we look for what is due. */
const LOOK_MS = 15_000;
/** What is missing for longer is the owner's business. */
const TOLD_AFTER_MS = 10 * 60_000;

export interface OwedClipsParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  readonly clips: Pick<VoiceClips, 'make'>;
}

/** Makes what is owed, one client after the other, until the signal aborts; then resolves. */
export async function runOwedClips(parts: OwedClipsParts, signal: AbortSignal): Promise<void> {
  const { clock, log } = parts;
  while (!signal.aborted) {
    try {
      while (!signal.aborted && (await makeNext(parts)));
    } catch (error) {
      if (!signal.aborted) log.warn('owed speech was not made', { error: toError(error) });
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

/** Whether there was one. */
export async function makeNext({ sql, clock, clips }: OwedClipsParts): Promise<boolean> {
  const due = await claimDueClips(sql);
  if (!due) return false;
  const { clientId, since } = due;
  const client = await findClient(sql, clientId);
  if (!client || (await clips.make(client))) await settleClips(sql, clientId);
  else if (clock.now() - since.getTime() >= TOLD_AFTER_MS) {
    await notifyOwner(sql, {
      clientId,
      kind: 'speech_missing',
      severity: 'warning',
      text: textFor(client),
      data: { since: since.toISOString(), tts_provider: client.ttsProvider },
      dedupeKey: `speech_missing:${since.toISOString()}`,
    });
  }
  return true;
}

function textFor({ name, ttsProvider, language }: Client): string {
  const spoken = language.toLowerCase().startsWith('en') ? 'in another voice' : 'in English';
  return (
    `The greeting and the standing sentences of ${name} cannot be made in its voice (${ttsProvider}). ` +
    `Calls are answered all the same; should no voice at all be reachable during a call, the caller hears an apology ${spoken}. ` +
    'It is tried again by itself: check the voice in the settings.'
  );
}
