// A client's stored speech made anew when its voice or its words have changed.

import type { Log } from '../lib/log.ts';
import type { VoiceClips } from '../reception/stored-speech/voice-clips.ts';
import { findClient } from '../store/clients/clients.ts';
import type { Sql } from '../store/database/sql.ts';

/** Never rejects. */
export async function renewClips(
  { sql, clips, log }: { sql: Sql; clips: VoiceClips; log: Log },
  clientId: string,
): Promise<void> {
  try {
    const client = await findClient(sql, clientId);
    if (!client) return;
    await clips.make(client);
  } catch (error) {
    log.warn('stored speech could not be renewed', { clientId, error });
  }
}
